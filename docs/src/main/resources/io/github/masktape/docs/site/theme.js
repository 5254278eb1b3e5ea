// SPDX-License-Identifier: Apache-2.0
// Runs before the page is drawn: the reader's choice of dark or light, if one was made.
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  try {
    var theme = localStorage.getItem("masktape-theme");
    if (theme) root.dataset.theme = theme;
  } catch (e) {
    // No storage: the system's choice holds.
  }
})();
