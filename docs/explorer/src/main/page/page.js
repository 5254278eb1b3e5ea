'use strict';

loadEngine().then((engine) => {
  document.getElementById('lesson').textContent = JSON.stringify(
    engine.lesson(),
    (key, value) => (ArrayBuffer.isView(value) ? Array.from(value).join(' ') : value),
    1,
  );
});
