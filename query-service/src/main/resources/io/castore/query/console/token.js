/** The token that this tab calls with, where the service wants one. */

const KEY = 'castore.token';
let asking = null;

export const token = () => sessionStorage.getItem(KEY);

/** Headers of a request. */
export function authorization() {
  const known = token();
  return known ? {Authorization: `Bearer ${known}`} : {};
}

/** Asks for a token, once for all who need one at the time. */
export function askForToken(refused) {
  asking ??= show(refused).finally(() => {
    asking = null;
  });
  return asking;
}

function show(refused) {
  const dialog = dialogOfToken();
  const value = document.getElementById('token-value');
  const reason = document.getElementById('token-reason');
  return new Promise((resolve) => {
    reason.textContent = refused ?? '';
    reason.hidden = !refused;
    value.value = '';
    // Not when the dialog tells that it was closed: that comes with the next frame that is drawn, and there is none of a
    // page that is not seen.
    dialog.querySelector('form').addEventListener('submit', (event) => {
      event.preventDefault();
      sessionStorage.setItem(KEY, value.value.trim());
      value.value = '';
      dialog.close();
      update();
      resolve();
    }, {once: true});
    dialog.showModal();
  });
}

const dialogOfToken = () => document.getElementById('token');

function update() {
  document.getElementById('forget').hidden = !token();
}

/** Makes the button work that forgets the token, and keeps the question until it is answered. */
export function offerToForget() {
  const dialog = dialogOfToken();
  dialog.addEventListener('close', () => {
    if (asking && !dialog.open) dialog.showModal();
  });
  document.getElementById('forget').addEventListener('click', () => {
    sessionStorage.removeItem(KEY);
    location.reload();
  });
  update();
}
