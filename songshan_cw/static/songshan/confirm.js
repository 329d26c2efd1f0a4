// 不能撤销的操作先问一次：按钮上的 data-confirm 写明后果，取消则不提交。
(function () {
  "use strict";
  document.addEventListener(
    "submit",
    function (event) {
      var asked = event.submitter && event.submitter.getAttribute("data-confirm");
      if (asked && !window.confirm(asked)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    true
  );
})();
