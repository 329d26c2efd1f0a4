// 要等几秒的提交：按下后显示进行中的横条和说明，回到本页时收起。
(function () {
  "use strict";
  document.querySelectorAll("form[data-busy]").forEach(function (form) {
    form.addEventListener("submit", function () {
      var told = document.querySelector("[data-working]");
      told.hidden = false;
      told.querySelector("p").textContent = form.getAttribute("data-busy");
    });
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("[data-working]").forEach(function (told) {
      told.hidden = true;
    });
  });
})();
