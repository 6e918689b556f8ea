// Nothing on the page needs this file. With it, changing the language keeps the place within the page, a choice in a filter
// is applied at once, empty fields stay out of addresses, and the key / leads to the search.
"use strict";

for (const link of document.querySelectorAll(".languages a")) {
  link.addEventListener("click", () => {
    const target = new URL(link.href);
    target.hash = window.location.hash;
    link.href = target.href;
  });
}

for (const form of document.querySelectorAll("form.filter")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      if (field.name && field.value === "") field.disabled = true;
    }
  });
  // Only a choice by pointer: who moves through a list by keyboard has not chosen yet.
  let pointed = false;
  form.addEventListener("pointerdown", () => { pointed = true; });
  form.addEventListener("keydown", () => { pointed = false; });
  form.addEventListener("change", (event) => {
    if (pointed && event.target instanceof HTMLSelectElement) form.requestSubmit();
  });
}

// The browser shows a page as it was left when one goes back to it: with the fields that were switched off.
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form.filter [name]:disabled")) field.disabled = false;
});

addEventListener("keydown", (event) => {
  const field = document.querySelector("main input[type=search]");
  const writing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || writing || !field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
