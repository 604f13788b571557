import "./styles/main.scss";

import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";
import htmx from "htmx.org";

import { startFocus } from "./islands/focus";
import { startKeyboard } from "./islands/keyboard";
import { startPasskeys } from "./islands/passkey";
import { startPreview } from "./islands/preview";
import { startPrint } from "./islands/print";
import { startSession } from "./islands/session";
import { startUpload } from "./islands/upload";

// GOV.UK's own page sets this class by an inline script, which the content policy forbids.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

// htmx would inject a style element and evaluate attribute code; the desk allows neither.
Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  historyCacheSize: 0,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
});

for (const component of [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
]) {
  createAll(component);
}

startFocus();
startKeyboard();
startPasskeys();
startPreview();
startPrint();
startSession();
startUpload();
