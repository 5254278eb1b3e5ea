// SPDX-License-Identifier: Apache-2.0
(function () {
  "use strict";
  var root = document.documentElement;

  // Formulas.
  document.querySelectorAll(".math").forEach(function (block) {
    katex.render(block.textContent, block, { displayMode: true, throwOnError: false, strict: "ignore" });
  });

  // Java in color.
  document.querySelectorAll("code.language-java").forEach(function (code) {
    hljs.highlightElement(code);
  });

  // A button that copies a block.
  document.querySelectorAll(".code").forEach(function (block) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", function () {
      copy(block.querySelector("code")).then(function (done) {
        button.textContent = done ? "Copied" : "Press Ctrl-C";
        setTimeout(function () { button.textContent = "Copy"; }, 1500);
      });
    });
    block.appendChild(button);
  });

  function copy(code) {
    return navigator.clipboard.writeText(code.textContent).then(
      function () { return true; },
      function () {
        getSelection().selectAllChildren(code);
        return false;
      });
  }

  // Dark or light.
  document.querySelector("button.theme").addEventListener("click", function () {
    var dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem("masktape-theme", root.dataset.theme);
    } catch (e) {
      // No storage: the choice lasts as long as the page.
    }
  });

  // The menu of narrow windows.
  var menu = document.querySelector("button.menu");
  function open(isOpen) {
    root.classList.toggle("menu-open", isOpen);
    menu.setAttribute("aria-expanded", String(isOpen));
  }
  menu.addEventListener("click", function () {
    open(!root.classList.contains("menu-open"));
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && root.classList.contains("menu-open")) {
      open(false);
      menu.focus();
    }
  });
  var here = document.querySelector("#pages [aria-current]");
  if (here && here.offsetParent) {
    var pages = document.getElementById("pages");
    pages.scrollTop = here.offsetTop - pages.clientHeight / 2;
  }

  // The section that is read, in the list beside it.
  var links = Array.from(document.querySelectorAll(".contents a"));
  var headings = links.map(function (link) {
    return document.getElementById(decodeURIComponent(link.hash.slice(1)));
  });
  function mark() {
    var current = 0;
    headings.forEach(function (heading, i) {
      if (heading.getBoundingClientRect().top < 120) current = i;
    });
    links.forEach(function (link, i) {
      link.classList.toggle("current", i === current);
    });
  }
  if (links.length) {
    addEventListener("scroll", mark, { passive: true });
    mark();
  }
})();
