// <wsis-matrix measure="evidence" region="AFR" lang="fr"></wsis-matrix>: the matrix in a frame, in any page.
// Self-contained: <script src="https://.../static/wsis-matrix.js"></script> and the element are all that is needed.

const PARAMETERS = [
  "agency", "compare", "edition", "goal", "hlpf", "lang", "measure", "order", "origin", "region", "year-from", "year-to",
] as const;
const HOME = new URL((document.currentScript as HTMLScriptElement | null)?.src ?? document.baseURI).origin;

class WsisMatrix extends HTMLElement {
  static readonly observedAttributes = [...PARAMETERS, "height"];

  connectedCallback(): void {
    this.show();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.show();
  }

  private show(): void {
    const address = new URL("/embed/matrix", HOME);
    for (const name of PARAMETERS) {
      const value = this.getAttribute(name);
      if (value) address.searchParams.set(name, value);
    }
    const frame = this.querySelector("iframe") ?? document.createElement("iframe");
    frame.src = address.href;
    frame.title = this.getAttribute("title") ?? "WSIS-SDG Matrix";
    frame.width = "100%";
    frame.height = this.getAttribute("height") ?? "640";
    frame.referrerPolicy = "no-referrer";
    if (!frame.parentNode) this.replaceChildren(frame);
  }
}

if (!customElements.get("wsis-matrix")) customElements.define("wsis-matrix", WsisMatrix);
