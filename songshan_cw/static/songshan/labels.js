// 滚动区给读屏软件的名称，用中文。
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  if (window.SimpleBar) {
    window.SimpleBar.defaultOptions.ariaLabel = "可滚动的内容";
  }
});
