// SPDX-License-Identifier: Apache-2.0
(function () {
  "use strict";
  var top = document.body.dataset.top;
  var dialog, input, list, status, index, places, asked;
  var hits = [];
  var chosen = -1;

  // ---- words ----

  // A letter or digit on the line: no subscript, no ᵀ.
  var LETTER = "(?:(?![\\u2080-\\u209c\\u1d62-\\u1d6a\\u2c7c\\u1d40])[\\p{L}\\p{N}])";
  var SUBSCRIPT = "[\\u2080-\\u209c\\u1d62-\\u1d6a\\u2c7c]*";
  var HADAMARD = new RegExp("(?<![\\p{L}\\p{N}])(" + LETTER + "+)" + SUBSCRIPT + "\\s*⊙\\s*(" + LETTER + "+)", "gu");
  var DERIVATIVE = new RegExp("∂" + LETTER + "+(?:/∂" + LETTER + "+)?", "gu");
  var SYMBOL = /[⊙∂Σ∇√±≤≥≈]/gu;
  var WORD = new RegExp(LETTER + "+(?:[-.]" + LETTER + "+)*", "gu");
  var INNER = /[-.]|(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u;

  /**
   * The words of a text, and of a query alike. Subscripts are left out: Jₙ is j. J ⊙ M is also one word, whatever
   * stands between, and so is ∂L/∂W. A name is also its parts: DropConnect is drop and connect.
   */
  function words(text) {
    var found = [];
    function each(pattern, take) {
      for (var match of text.matchAll(pattern)) take(match);
    }
    function add(word, at, length, isPart) {
      found.push({ word: word.toLowerCase(), at: at, length: length, isPart: !!isPart });
    }
    each(HADAMARD, function (m) { add(m[1] + "⊙" + m[2], m.index, m[0].length); });
    each(DERIVATIVE, function (m) { add(m[0], m.index, m[0].length); });
    each(SYMBOL, function (m) { add(m[0], m.index, m[0].length); });
    each(WORD, function (m) {
      add(m[0], m.index, m[0].length);
      var whole = m[0].split(/[-.]/);
      new Set(whole.concat(m[0].split(INNER))).forEach(function (part) {
        if (part !== m[0]) add(part, m.index + m[0].indexOf(part), part.length, !whole.includes(part));
      });
    });
    return found;
  }

  function stem(token) {
    return /^[a-z]{3,}$/.test(token.toString()) ? lunr.stemmer(token) : token;
  }

  function stemmed(word) {
    return stem(new lunr.Token(word, {})).toString();
  }

  // ---- the index ----

  /**
   * What lunr tells the nodes of its words' graph apart by. Its own text joins letters and numbers of nodes, so that a
   * node with 1 to node 222 is one with 1 to node 2 and 2 to node 2; the comma ends a number.
   */
  function nodeText() {
    if (this._str) return this._str;
    var edges = this.edges;
    return Object.keys(edges).sort().reduce(function (text, letter) {
      return text + letter + edges[letter].id + ",";
    }, this.final ? "1" : "0");
  }

  function build() {
    places = window.masktapePlaces;
    lunr.TokenSet.prototype.toString = nodeText;
    lunr.Pipeline.registerFunction(stem, "stem");
    index = lunr(function () {
      this.ref("i");
      // A long section is not worse than a short one.
      this.b(0.4);
      this.field("h", { boost: 4 });
      this.field("t", { boost: 2 });
      this.field("x");
      this.tokenizer = function (text) {
        return words(text || "").map(function (found) { return new lunr.Token(found.word, {}); });
      };
      this.pipeline.reset();
      this.pipeline.add(stem);
      places.forEach(function (place, i) {
        this.add({ i: i, h: place.h, t: place.t, x: place.x }, { boost: place.t === "API" ? 0.5 : 1 });
      }, this);
    });
  }

  /** The best places that have every whole word of the query; if there are none, those that have some of it. */
  function search(query) {
    var sought = words(query);
    asked = Array.from(new Set(sought.map(function (found) { return found.word; })));
    if (!asked.length) return [];
    function run(isStrict) {
      return index.query(function (q) {
        sought.forEach(function (found) {
          var word = found.word;
          var isCompound = /.[-.⊙]|∂./u.test(word);
          // The last word may still be being written.
          var isStart = !found.isPart && word.length > 1 && query.toLowerCase().endsWith(word);
          q.term(stemmed(word), {
            boost: isCompound ? 10 : found.isPart ? 0.5 : 2,
            usePipeline: false,
            presence: isStrict && !isCompound && !isStart && !found.isPart
              ? lunr.Query.presence.REQUIRED
              : lunr.Query.presence.OPTIONAL
          });
          if (isStart) {
            q.term(stemmed(word), {
              usePipeline: false,
              wildcard: lunr.Query.wildcard.TRAILING,
              presence: isStrict && !isCompound ? lunr.Query.presence.REQUIRED : lunr.Query.presence.OPTIONAL
            });
          }
        });
      });
    }
    var found = run(true);
    if (!found.length) found = run(false);
    var best = found.slice(0, 25).map(function (hit) { return places[hit.ref]; });
    // What bears the very name comes first, the pages before the API.
    function isNamed(place) {
      return place.h.toLowerCase() === query.toLowerCase();
    }
    return best.filter(isNamed).concat(best.filter(function (place) { return !isNamed(place); }));
  }

  /** Some words around the best place of the query in a text, with what was asked for marked. */
  function excerpt(text) {
    var stems = asked.map(stemmed);
    var marks = words(text).filter(function (found) {
      return stems.includes(stemmed(found.word)) || asked.some(function (word) {
        return word.length > 2 && found.word.startsWith(word);
      });
    });
    var best = marks.slice().sort(function (a, b) { return b.word.length - a.word.length || a.at - b.at; })[0];
    var from = Math.max(0, (best ? best.at : 0) - 50);
    if (from > 0) from = Math.max(from, text.slice(0, best.at).indexOf(" ", from) + 1);
    var to = Math.min(text.length, from + 170);
    var line = document.createElement("span");
    line.className = "excerpt";
    var at = from;
    if (from > 0) line.append("… ");
    marks.sort(function (a, b) { return a.at - b.at || b.length - a.length; }).forEach(function (mark) {
      if (mark.at < at || mark.at + mark.length > to) return;
      var word = document.createElement("mark");
      word.textContent = text.slice(mark.at, mark.at + mark.length);
      line.append(text.slice(at, mark.at), word);
      at = mark.at + mark.length;
    });
    line.append(text.slice(at, to) + (to < text.length ? " …" : ""));
    return line;
  }

  // ---- the dialog ----

  function load(file) {
    return new Promise(function (resolve, reject) {
      var script = document.createElement("script");
      script.src = top + "assets/" + file;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }

  function make() {
    dialog = document.createElement("dialog");
    dialog.className = "search";
    dialog.setAttribute("aria-label", "Search");
    dialog.innerHTML =
      '<input type="search" role="combobox" aria-expanded="true" aria-controls="hits" aria-autocomplete="list" ' +
      'aria-label="Search" placeholder="Search: J ⊙ M, per-example, Ops.matmul …" autocomplete="off" spellcheck="false">' +
      '<p class="status" role="status"></p><ul id="hits" role="listbox" aria-label="Results"></ul>' +
      '<p class="keys"><kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Enter</kbd> open <kbd>Esc</kbd> close</p>';
    document.body.append(dialog);
    input = dialog.querySelector("input");
    list = dialog.querySelector("ul");
    status = dialog.querySelector(".status");
    input.addEventListener("input", show);
    input.addEventListener("keydown", function (event) {
      var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && hits.length) {
        event.preventDefault();
        choose((chosen + step + hits.length) % hits.length);
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        hits[chosen].querySelector("a").click();
      }
    });
    dialog.addEventListener("click", function (event) {
      if (event.target === dialog || event.target.closest("a")) dialog.close();
    });
  }

  function open() {
    if (!dialog) make();
    if (dialog.open) return;
    dialog.showModal();
    input.select();
    if (!index) {
      Promise.all([load("lunr/lunr.min.js"), load("places.js")]).then(function () {
        if (!index) build();
        show();
      });
    }
  }

  function show() {
    if (!index) return;
    var query = input.value.trim();
    hits = search(query).map(function (place, i) {
      var item = document.createElement("li");
      item.id = "hit" + i;
      item.setAttribute("role", "option");
      var link = document.createElement("a");
      link.href = top + place.u;
      link.tabIndex = -1;
      var title = document.createElement("span");
      title.className = "title";
      title.textContent = place.h;
      var page = document.createElement("span");
      page.className = "page";
      page.textContent = place.h === place.t ? "" : place.t;
      link.append(title, page, excerpt(place.x.replace(/\s+/g, " ").trim()));
      item.append(link);
      item.addEventListener("mousemove", function () { choose(i); });
      return item;
    });
    list.replaceChildren.apply(list, hits);
    status.textContent = !query ? "" : hits.length ? "" : "Nothing found for “" + query + "”.";
    chosen = -1;
    input.removeAttribute("aria-activedescendant");
    if (hits.length) choose(0);
  }

  function choose(i) {
    if (i === chosen) return;
    if (chosen >= 0) hits[chosen].removeAttribute("aria-selected");
    chosen = i;
    hits[i].setAttribute("aria-selected", "true");
    hits[i].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", hits[i].id);
  }

  document.querySelector("button.find").addEventListener("click", open);
  document.addEventListener("keydown", function (event) {
    var isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    var isFind = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
    if ((isFind && !isTyping) || ((event.ctrlKey || event.metaKey) && event.key === "k")) {
      event.preventDefault();
      open();
    }
  });
})();
