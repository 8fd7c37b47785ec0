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
  const dialog = document.getElementById('token');
  const value = document.getElementById('token-value');
  const reason = document.getElementById('token-reason');
  return new Promise((resolve) => {
    reason.textContent = refused ?? '';
    reason.hidden = !refused;
    value.value = '';
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    dialog.addEventListener('close', () => {
      sessionStorage.setItem(KEY, value.value.trim());
      value.value = '';
      update();
      resolve();
    }, {once: true});
    if (!dialog.open) dialog.showModal();
  });
}

function update() {
  document.getElementById('forget').hidden = !token();
}

/** Makes the button work that forgets the token. */
export function offerToForget() {
  document.getElementById('forget').addEventListener('click', () => {
    sessionStorage.removeItem(KEY);
    location.reload();
  });
  update();
}
