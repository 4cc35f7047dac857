/* Runs before the first paint, so that a dark page never flashes white. A file of its own: the page forbids inline scripts. */
(function () {
  var root = document.documentElement;
  var theme = null;
  var locale = null;
  var text = null;
  try {
    theme = localStorage.getItem('theme');
    locale = localStorage.getItem('locale');
    text = localStorage.getItem('textSize');
  } catch {
    /* storage switched off: the device's own wishes count */
  }
  var dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = dark ? 'dark' : 'light';
  root.classList.toggle('dark', dark);
  root.classList.toggle('van-theme-dark', dark);
  if (text === 'large') root.dataset.text = 'large';
  root.lang = locale || (/^zh/i.test(navigator.language) || !navigator.language ? 'zh-CN' : 'en');
})();
