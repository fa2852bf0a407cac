// The dialog that gives labels and verdicts in the formats of the field.

import { FORMATS, exported, give } from "/api/review/download.js";
import { choice, options } from "/api/review/wishing.js";
import { element, number } from "/api/review/words.js";

const $ = (id) => document.getElementById(id);

/** Opens with what is asked for on the wall; `about()` says which cameras there are. */
export function offerDownload({ about, asked }) {
  $("download").addEventListener("click", () => open(about(), asked()));
  $("export-form").addEventListener("submit", take);
  $("export-close").addEventListener("click", () => $("export").close());
}

function open(about, asked) {
  const form = $("export-form").elements;
  form.format.replaceChildren(...Object.entries(FORMATS).map(([name, words]) => new Option(words, name)));
  form.camera.replaceChildren(new Option("all", ""), ...options(about.cameras));
  choice(form.camera, asked.camera);
  form.first.value = asked.from;
  form.last.value = asked.to;
  say("");
  $("export").showModal();
}

async function take(event) {
  event.preventDefault();
  const { project, ...rest } = Object.fromEntries(new FormData($("export-form")));
  $("export-go").disabled = true;
  try {
    const wanted = { ...rest, project: project.size ? await project.text() : "" };
    const { files, warnings } = await exported(wanted, (rounds) => say(`Reading… ${number(rounds)}`));
    await give(wanted.format, files);
    say(warnings.length ? "Done. This is missing in it:" : "Done.", warnings);
  } catch (error) {
    say(error.message);
  } finally {
    $("export-go").disabled = false;
  }
}

function say(sentence, missing = []) {
  $("export-said").textContent = sentence;
  $("export-missing").replaceChildren(...missing.map((one) => element("li", {}, one)));
}
