// Ships no types; these are the two calls the desk makes.
declare module "govuk-frontend" {
  export class Button { constructor(root: Element) }
  export class CharacterCount { constructor(root: Element) }
  export class Checkboxes { constructor(root: Element) }
  export class ErrorSummary { constructor(root: Element) }
  export class PasswordInput { constructor(root: Element) }
  export class Radios { constructor(root: Element) }
  export class ServiceNavigation { constructor(root: Element) }
  export class SkipLink { constructor(root: Element) }
  export function createAll(component: new (root: Element) => unknown): void;
}
declare module "*.scss";
