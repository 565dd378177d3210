// The header every write of ours carries; the token stands in <meta name="csrf-token">.
export function csrfHeader() {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  return token ? { 'X-CSRFToken': token } : {};
}
