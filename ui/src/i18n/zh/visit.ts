// Owned by the visit screens.
export const visit = {}
