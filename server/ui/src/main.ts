// Enhancements of the pages. Everything here has a way without it.

import { addDismissal, addGridKeys } from "./grid";
import { addSuggestions } from "./suggest";
import { addUpload, followProgress } from "./upload";

for (const table of document.querySelectorAll<HTMLTableElement>("table[data-grid]")) addGridKeys(table);
addDismissal(document.documentElement);

for (const field of document.querySelectorAll<HTMLInputElement>("form.find input, form.search input[type=search]")) {
  addSuggestions(field, document.documentElement.lang);
}

for (const button of document.querySelectorAll<HTMLButtonElement>("button.copy")) {
  const source = document.getElementById(button.dataset.copies ?? "");
  if (!(source instanceof HTMLTextAreaElement) || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.value);
    button.textContent = button.dataset.done ?? "";
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-upload]")) addUpload(form);
for (const part of document.querySelectorAll<HTMLElement>("[data-progress]")) followProgress(part);
