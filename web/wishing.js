// The form that says what is shown; it is part of the page's address.

import { number } from "/api/review/words.js";

export class Wishing {
  #form = document.getElementById("wish");

  /** `changed()` is told when something else is wanted. */
  constructor(changed) {
    this.changed = changed;
    this.#form.addEventListener("change", () => this.#changed());
    this.#form.addEventListener("reset", () => setTimeout(() => this.#changed()));
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#restore();
  }

  get asked() { return Object.fromEntries(new FormData(this.#form)); }

  open() {
    document.getElementById("filters").open = true;
    this.#form.elements.order.focus();
  }

  #changed() {
    this.#describe();
    const query = new URLSearchParams(Object.entries(this.asked).filter(([, value]) => value));
    history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
    this.changed();
  }

  #restore() {
    const said = new URLSearchParams(location.search);
    for (const field of this.#form.elements) {
      if (!said.has(field.name)) continue;
      if (field.type === "checkbox") field.checked = said.get(field.name) === field.value;
      else if (field.tagName === "SELECT") choice(field, said.get(field.name));
      else field.value = said.get(field.name);
    }
  }

  /** Offers what there is. */
  offer(about) {
    for (const [name, found] of [["camera", about.cameras], ["label", about.labels], ["said", about.said]]) {
      const select = this.#form.elements[name], was = select.value;
      select.replaceChildren(select.options[0], ...options(found));
      choice(select, was);
    }
    for (const name of ["from", "to"]) Object.assign(this.#form.elements[name], { min: about.first, max: about.last });
    this.#form.elements.changed.closest("label").hidden = !about.changed;
    this.#describe();
  }

  #describe() {
    const said = [...this.#form.elements].filter((field) => field.name && field.name !== "order" && (field.type === "checkbox" ? field.checked : field.value));
    const words = said.map((field) => field.type === "checkbox" ? "changed" : field.selectedOptions?.[0].textContent ?? `${field.name} ${field.value}`);
    document.getElementById("asked").textContent = [this.#form.elements.order.selectedOptions[0].textContent, ...words].join(" · ");
  }
}

/** Names with how many sequences each has. */
export const options = (found) => found.map(([name, n]) => new Option(`${name} (${number(n)})`, name));

/** Sets a select, also to what it does not offer (yet). */
export function choice(select, value) {
  if (value && ![...select.options].some((option) => option.value === value)) select.append(new Option(value, value));
  select.value = value;
}
