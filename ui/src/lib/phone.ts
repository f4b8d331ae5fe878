// Phone numbers on the call screen.

/** `138 1234 5678` for a mobile number; any other number as it is. */
export function spaced(phone: string): string {
  return /^1\d{10}$/.test(phone)
    ? `${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}`
    : phone
}
