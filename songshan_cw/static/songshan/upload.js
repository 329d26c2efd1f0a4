// 拖放工作簿，显示上传和检查的进度；没有脚本时表单照常提交。
(function () {
  "use strict";
  var form = document.querySelector("form[data-upload]");
  if (!form) {
    return;
  }
  var field = form.querySelector("input[type=file]");
  var drop = form.querySelector(".en-drop");
  var button = form.querySelector("button[type=submit]");
  var progress = form.querySelector("[data-progress]");
  var bar = progress.querySelector(".en-bar");
  var text = progress.querySelector("p");
  var most = Number(form.getAttribute("data-most"));

  function say(words, busy, part) {
    progress.hidden = false;
    text.textContent = words;
    bar.hidden = !busy && part === undefined;
    bar.classList.toggle("busy", busy);
    bar.firstElementChild.style.width = (part || 0) + "%";
  }
  function refuse(words) {
    say(words, false);
    text.setAttribute("role", "alert");
    text.classList.add("sw-note", "stop");
    button.disabled = false;
    field.value = "";
  }
  function send() {
    var file = field.files[0];
    text.classList.remove("sw-note", "stop");
    if (!file) {
      return refuse("请先选择或拖入一个工作簿。");
    }
    if (file.size > most * 1024 * 1024) {
      return refuse("“" + file.name + "”超过" + most + "MB。请按街道分成几个工作簿。");
    }
    button.disabled = true;
    var request = new XMLHttpRequest();
    request.open("POST", form.action || window.location.href);
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.upload.onprogress = function (event) {
      say("正在上传“" + file.name + "”……", false, Math.round((event.loaded * 100) / event.total));
    };
    request.upload.onload = function () {
      say("已上传，正在逐表读取和检查，人多时要等一会儿……", true);
    };
    request.onload = function () {
      var answer = null;
      try {
        answer = JSON.parse(request.responseText);
      } catch (fault) {
        answer = null;
      }
      if (answer && answer.next) {
        window.location.assign(answer.next);
      } else if (answer && answer.refused) {
        refuse(answer.refused);
      } else if (request.status === 413) {
        refuse("文件太大，没有接收。请按街道分成几个工作簿。");
      } else if (request.responseURL && request.responseURL.indexOf("/login/") > 0) {
        window.location.reload();
      } else {
        refuse("没有上传成功（" + request.status + "）。请刷新页面后再试。");
      }
    };
    request.onerror = function () {
      refuse("网络中断，没有上传成功。请再试一次。");
    };
    request.send(new FormData(form));
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    send();
  }, true);
  ["dragenter", "dragover"].forEach(function (name) {
    drop.addEventListener(name, function (event) {
      event.preventDefault();
      drop.classList.add("over");
    });
  });
  ["dragleave", "drop"].forEach(function (name) {
    drop.addEventListener(name, function (event) {
      event.preventDefault();
      drop.classList.remove("over");
    });
  });
  drop.addEventListener("drop", function (event) {
    if (event.dataTransfer.files.length === 1) {
      field.files = event.dataTransfer.files;
      form.querySelector("input[type=text]").value = field.files[0].name;
      send();
    } else {
      refuse("一次只能拖入一个工作簿。");
    }
  });
  window.addEventListener("pageshow", function () {
    button.disabled = false;
    progress.hidden = true;
  });
})();
