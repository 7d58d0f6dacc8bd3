// Comfort alone: every page works without this file.
"use strict";

// A button that copies the field before it.
for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const label = button.textContent;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // where the page is not secure, as in a network of one's own
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}
for (const field of document.querySelectorAll(".copy input")) {
  field.addEventListener("focus", () => field.select());
}

// Menus close with Esc, and when something beside them is pressed.
const menus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

// Moments in the reader's own zone; the server wrote them in UTC.
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const two = (number) => String(number).padStart(2, "0");

function inWords(moment, now, withHour) {
  const minutes = Math.floor((now - moment) / 60000);
  if (minutes >= 0 && minutes < 1) return "just now";
  if (minutes >= 0 && minutes < 60) return `${minutes} min ago`;
  const hour = ` ${two(moment.getHours())}:${two(moment.getMinutes())}`;
  if (moment.toDateString() === now.toDateString()) return `today${hour}`;
  const year = moment.getFullYear() === now.getFullYear() ? "" : ` ${moment.getFullYear()}`;
  return `${moment.getDate()} ${MONTHS[moment.getMonth()]}${year}${withHour ? hour : ""}`;
}

function sayTimes() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const moment = new Date(time.dateTime);
    time.textContent = inWords(moment, new Date(), "hour" in time.dataset);
    if (!moment.getTimezoneOffset()) continue; // the title says it already, in UTC
    time.dataset.utc ??= time.title;
    const here = moment.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "long" });
    time.title = `${here} (${time.dataset.utc})`;
  }
}
sayTimes();
setInterval(sayTimes, 30000);

// A list of the newest leads: those that come are added above, and its line says how many.
const leads = document.querySelector("[data-newest]");
const numberOf = (row) => Number(row.dataset.lead);
let tag = "";
let came = 0;

async function look() {
  if (document.hidden) return;
  let answer;
  try {
    const headers = { "If-None-Match": tag };
    answer = await fetch(leads.dataset.newest, { headers, redirect: "manual" });
  } catch {
    return; // away for a moment: it looks again
  }
  if (answer.type === "opaqueredirect") location.reload(); // signed out
  if (answer.status !== 200) return;
  tag = answer.headers.get("ETag");
  const sent = document.createElement("template");
  sent.innerHTML = await answer.text();
  add([...sent.content.children]);
}

function add(rows) {
  const body = leads.querySelector("tbody");
  const first = body.firstElementChild;
  const before = first?.getBoundingClientRect().top;
  const shown = [...body.children].map(numberOf);
  const lowest = shown.at(-1) ?? 0;
  const added = rows.filter((row) => numberOf(row) > lowest && !shown.includes(numberOf(row)));
  if (!added.length) return;
  for (const row of added) {
    const older = [...body.children].find((other) => numberOf(other) < numberOf(row));
    row.classList.add("came");
    body.insertBefore(row, older ?? null);
  }
  came += added.length;
  leads.querySelector("[data-list]").hidden = false;
  leads.querySelector("[data-empty]")?.remove();
  const said = leads.querySelector("[role=status]");
  said.textContent = `${came} new`;
  said.className = "mark good";
  sayTimes();
  // What is under a finger, or further down, stays where it is.
  if (first && (before < 0 || leads.matches(":hover"))) {
    scrollBy(0, first.getBoundingClientRect().top - before);
  }
}

if (leads) {
  setInterval(look, 10000);
  document.addEventListener("visibilitychange", look);
}

// A form whose lead appears in that list sends it from here; what is wrong is said by its page.
const button = document.querySelector("[data-in-place]");
button?.form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = button.form;
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
  if (!answer?.redirected || answer.url !== form.action) return form.submit();
  const [, once] = (await answer.text()).match(/name="once" value="(\w+)"/);
  form.reset();
  form.elements.once.value = once;
  await look();
  leads.scrollIntoView({ block: "nearest" });
});
