// The same rule for account names as the server's, so that most mistakes are told before the camera opens.

/** The trimmed name, or what is wrong with it. The server decides; it knows more rules and which names are taken. */
export function accountName(input: string): { readonly name: string } | { readonly problem: string } {
  const name = input.normalize('NFC').trim();
  if (name === '') return { problem: 'Enter a name, for example your first name.' };
  if ([...name].length > 64) return { problem: 'Use 64 characters at most.' };
  if (/\p{C}/u.test(name)) return { problem: 'Leave out invisible characters.' };
  return { name };
}
