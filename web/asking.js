// Short questions to the person: who they are, and what else a sequence may show.

import { reviewing } from "/api/review/api.js";
import { element } from "/api/review/words.js";

const NAME = "uncia.name";
const $ = (id) => document.getElementById(id);

/** The answer to a question, or nothing where it is put away. */
export async function question(title, label, known) {
  $("ask-title").textContent = title;
  $("ask-label").textContent = label;
  $("ask-list").replaceChildren(...known.map((one) => new Option(one)));
  $("ask-input").value = "";
  $("ask").returnValue = "";
  $("ask").showModal();
  await new Promise((closed) => $("ask").addEventListener("close", closed, { once: true }));
  return $("ask").returnValue === "yes" ? $("ask-input").value.trim() : "";
}

/** Who reviews: whoever signed in, or on one machine whoever says so. */
export async function whoIsThere(about) {
  const who = about.local ? await named() : about.who;
  const change = about.local && element("button", { onclick: forget }, "not me");
  $("who").replaceChildren("Reviewing as ", element("b", {}, element("bdi", {}, who)), " ", change || "");
  return who;
}

async function named() {
  const name = localStorage.getItem(NAME) || (await question("Who is reviewing?", "Your name, kept with what you say", [])) || "somebody";
  localStorage.setItem(NAME, name);
  reviewing(name);
  return name;
}

function forget() {
  localStorage.removeItem(NAME);
  location.reload();
}
