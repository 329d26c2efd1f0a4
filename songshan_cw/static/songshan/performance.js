// 权重一改，向服务器要一次新的分配；算法只有服务器那一份。
(function () {
  "use strict";
  var form = document.getElementById("weights");
  if (!form) {
    return;
  }
  var fault = document.getElementById("fault");
  var total = form.querySelector("[data-total]");
  var saved = total.textContent;
  var waiting = null;
  var latest = 0;

  function show(answer) {
    fault.textContent = answer.fault || "";
    fault.hidden = !answer.fault;
    var shares = answer.shares || {};
    form.querySelectorAll("tr[data-person]").forEach(function (row) {
      var share = shares[row.getAttribute("data-person")];
      row.querySelector("[data-weight]").textContent = share ? share.weight : "—";
      row.querySelector("[data-share]").textContent = share ? share.share : "—";
    });
    total.textContent = answer.fault ? "—" : answer.total || saved;
  }

  function ask() {
    var turn = ++latest;
    form.classList.add("sw-busy");
    fetch(form.getAttribute("data-preview"), { method: "POST", body: new FormData(form), credentials: "same-origin" })
      .then(function (response) {
        if (!response.ok) {
          throw new Error(String(response.status));
        }
        return response.json();
      })
      .then(function (answer) {
        if (turn === latest) {
          form.classList.remove("sw-busy");
          show(answer);
        }
      })
      .catch(function () {
        if (turn === latest) {
          form.classList.remove("sw-busy");
          show({ fault: "暂时算不出新的分配，请检查网络后再改一次；已填的内容没有丢。" });
        }
      });
  }

  form.addEventListener("input", function (event) {
    if (/^(weight|own)-/.test(event.target.name || "")) {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(ask, 300);
    }
  });
  if (form.hasAttribute("data-typed")) {
    ask();
  }
})();
