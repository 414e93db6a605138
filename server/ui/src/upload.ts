// A file is dropped on the form, and its sending shows progress. Without this the form posts itself.

export function addUpload(form: HTMLFormElement): void {
  const field = form.querySelector<HTMLInputElement>("input[type=file]");
  const zone = form.querySelector<HTMLElement>(".drop");
  const said = form.querySelector<HTMLElement>(".chosen-file");
  if (!field || !zone || !said) return;
  const limit = Number(form.dataset.limit ?? "0");
  const words = (name: string): string => said.dataset[name] ?? "";
  const tooLarge = (): boolean => limit > 0 && (field.files?.[0]?.size ?? 0) > limit;
  const tell = (): void => {
    const file = field.files?.[0];
    const number = new Intl.NumberFormat(document.documentElement.lang);
    if (!file) said.textContent = words("drop");
    else if (tooLarge()) said.textContent = words("large");
    else said.textContent = `${file.name} · ${number.format(Math.ceil(file.size / 1000))} kB`;
  };
  tell();
  field.addEventListener("change", tell);

  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget as Node | null)) zone.classList.remove("over");
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (!event.dataTransfer?.files.length) return;
    const kept = new DataTransfer();
    kept.items.add(event.dataTransfer.files[0] as File);
    field.files = kept.files;
    tell();
  });

  form.addEventListener("submit", (event) => {
    if (!field.files?.length) return;
    event.preventDefault();
    if (tooLarge()) return tell();
    send(form, said, words);
  });
}

function send(form: HTMLFormElement, said: HTMLElement, words: (name: string) => string): void {
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", words("sending"));
  said.after(bar);
  const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
  if (button) button.disabled = true;
  const end = (text: string): void => {
    bar.remove();
    if (button) button.disabled = false;
    said.textContent = text;
  };
  const request = new XMLHttpRequest(); // fetch does not say how far sending is
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.max = event.total;
    bar.value = event.loaded;
  });
  request.addEventListener("error", () => end(words("failed")));
  request.addEventListener("load", () => {
    if (request.status < 400) {
      location.assign(request.responseURL); // where the form's answer led to
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    end(page.querySelector("#fault, main p")?.textContent ?? words("failed"));
  });
  request.send(new FormData(form));
}

/** Look again until the page that tells of work in progress has become another. */
export function followProgress(part: HTMLElement): void {
  const PAUSE = 500;
  const look = async (): Promise<void> => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector("[data-progress] ol");
      if (!now) {
        location.replace(answer.url);
        return;
      }
      const list = part.querySelector("ol");
      if (list && list.textContent !== now.textContent) list.replaceChildren(...now.children);
    } catch {
      // The next look may succeed.
    }
    window.setTimeout(look, PAUSE);
  };
  window.setTimeout(look, PAUSE);
}
