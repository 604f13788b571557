/**
 * Passkeys and security keys. A form says what it wants: data-passkey="create" or "get". The options stand in the
 * page as JSON, or (to sign in without a name) are fetched from the form's own address. What the key answers goes
 * into the hidden field "credential", and the form is sent. When it fails, a sentence says so beside the button.
 */

interface Options {
  creation_options?: { publicKey: PublicKeyCredentialCreationOptionsJSON };
  request_options?: { publicKey: PublicKeyCredentialRequestOptionsJSON };
}

function bytes(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0)).buffer;
}

function text(buffer: ArrayBuffer | null): string | null {
  if (buffer === null) {
    return null;
  }
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function known(list: PublicKeyCredentialDescriptorJSON[] | undefined): PublicKeyCredentialDescriptor[] {
  return (list ?? []).map((entry) => ({ ...entry, id: bytes(entry.id) }) as PublicKeyCredentialDescriptor);
}

async function create(options: Options, passwordless: boolean | undefined): Promise<object> {
  const given = options.creation_options?.publicKey;
  if (given === undefined) {
    throw new Error("no options");
  }
  const selection: AuthenticatorSelectionCriteria = { ...(given.authenticatorSelection ?? {}) };
  if (passwordless !== undefined) {
    selection.residentKey = passwordless ? "required" : "discouraged";
    selection.requireResidentKey = passwordless;
    if (passwordless) {
      selection.userVerification = "required";
    }
  }
  const key = (await navigator.credentials.create({
    publicKey: {
      ...(given as unknown as PublicKeyCredentialCreationOptions),
      challenge: bytes(given.challenge),
      user: { ...given.user, id: bytes(given.user.id) },
      excludeCredentials: known(given.excludeCredentials),
      authenticatorSelection: selection,
    },
  })) as PublicKeyCredential;
  const response = key.response as AuthenticatorAttestationResponse;
  return answer(key, {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
    transports: response.getTransports(),
  });
}

async function get(options: Options): Promise<object> {
  const given = options.request_options?.publicKey;
  if (given === undefined) {
    throw new Error("no options");
  }
  const key = (await navigator.credentials.get({
    publicKey: {
      ...(given as unknown as PublicKeyCredentialRequestOptions),
      challenge: bytes(given.challenge),
      allowCredentials: known(given.allowCredentials),
    },
  })) as PublicKeyCredential;
  const response = key.response as AuthenticatorAssertionResponse;
  return answer(key, {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: text(response.userHandle),
  });
}

function answer(key: PublicKeyCredential, response: object): object {
  return {
    type: key.type,
    id: key.id,
    rawId: text(key.rawId),
    authenticatorAttachment: key.authenticatorAttachment,
    response,
    clientExtensionResults: key.getClientExtensionResults(),
  };
}

async function optionsOf(form: HTMLFormElement): Promise<Options> {
  const inPage = document.getElementById(form.dataset.options ?? "");
  if (inPage !== null) {
    return JSON.parse(inPage.textContent ?? "{}") as Options;
  }
  const answered = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answered.ok) {
    throw new Error("no options");
  }
  return (await answered.json()) as Options;
}

async function ask(form: HTMLFormElement, field: HTMLInputElement): Promise<void> {
  const options = await optionsOf(form);
  const passwordless = form.querySelector<HTMLInputElement>("[name=passwordless]")?.checked;
  const credential = form.dataset.passkey === "create" ? await create(options, passwordless) : await get(options);
  field.value = JSON.stringify(credential);
  form.submit();
}

export function startPasskeys(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    const field = form.querySelector<HTMLInputElement>("[name=credential]");
    const failure = form.querySelector<HTMLElement>("[data-failed]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (field === null) {
        return;
      }
      failure?.setAttribute("hidden", "");
      ask(form, field).catch(() => failure?.removeAttribute("hidden"));
    });
  }
}
