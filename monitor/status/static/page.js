// Nothing on the page needs this file. With it, changing the language keeps the place within the page.
"use strict";

for (const link of document.querySelectorAll(".languages a")) {
  link.addEventListener("click", () => {
    const target = new URL(link.href);
    target.hash = window.location.hash;
    link.href = target.href;
  });
}
