// 考核评定：随选随算优秀人数，标出改动的行，按建议填入。真正的限制由服务器执行。
(function () {
  "use strict";
  var form = document.querySelector("form[data-assess]");
  if (!form) {
    return;
  }
  var count = document.querySelector("[data-count]");
  var over = document.querySelector("[data-over]");
  var unsaved = form.querySelector("[data-unsaved]");
  var fill = form.querySelector("[data-fill]");
  var deciding = form.getAttribute("data-assess") === "decide";
  var fields = Array.prototype.slice.call(form.querySelectorAll("tbody select, tbody input:not([type=hidden])"));

  function changed(field) {
    if (field.tagName === "SELECT") {
      var start = field.querySelector("option[selected]") || field.options[0];
      return field.value !== start.value;
    }
    return field.value !== field.defaultValue;
  }
  function recount() {
    if (count && deciding) {
      var used = Number(count.getAttribute("data-elsewhere"));
      used += form.querySelectorAll("[data-stored='优秀']").length;
      form.querySelectorAll("select[data-counts]").forEach(function (field) {
        used += field.value === "优秀" ? 1 : 0;
      });
      var most = Number(count.getAttribute("data-most"));
      count.textContent = String(used);
      count.classList.toggle("over", used > most);
      over.hidden = used <= most;
    }
    var rows = new Set();
    fields.forEach(function (field) {
      var row = field.closest("tr");
      if (changed(field)) {
        rows.add(row);
      }
    });
    form.querySelectorAll("tbody tr").forEach(function (row) {
      row.classList.toggle("en-changed", rows.has(row));
    });
    if (unsaved) {
      unsaved.hidden = rows.size === 0;
      unsaved.textContent = rows.size + "人有改动，还没有保存。";
    }
  }
  form.addEventListener("input", recount);
  form.addEventListener("change", recount);
  if (fill) {
    fill.hidden = false;
    fill.addEventListener("click", function () {
      form.querySelectorAll("tbody tr").forEach(function (row) {
        var field = row.querySelector("select");
        var proposed = row.querySelector("[data-proposed]");
        if (field && proposed && !field.value && proposed.getAttribute("data-proposed") in { "优秀": 1, "合格": 1, "基本合格": 1, "不合格": 1 }) {
          field.value = proposed.getAttribute("data-proposed");
        }
      });
      recount();
    });
  }
  recount();
})();
