// 一次提交只发送一次：按下后按钮停用，回到本页时恢复。
(function () {
  "use strict";
  function release() {
    document.querySelectorAll("button[data-held]").forEach(function (button) {
      button.disabled = false;
      button.removeAttribute("data-held");
    });
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-download")) {
      return;
    }
    if (form.hasAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("data-sent", "");
    window.setTimeout(function () {
      form.querySelectorAll("button[type=submit]").forEach(function (button) {
        button.disabled = true;
        button.setAttribute("data-held", "");
      });
    }, 0);
  });
  document.addEventListener("change", function (event) {
    var master = event.target.closest("[data-check-all]");
    if (master) {
      document.querySelectorAll("input[name='" + master.getAttribute("data-check-all") + "']").forEach(function (box) {
        box.checked = master.checked;
      });
    }
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      form.removeAttribute("data-sent");
    });
    release();
  });
})();
