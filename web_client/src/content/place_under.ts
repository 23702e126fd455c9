const EDGE_PX = 8;

/** Puts an open popover below its button, or above where there is more room, inside the window. */
export function placeUnder(popover: HTMLElement, button: HTMLElement): void {
  if (!popover.matches(':popover-open')) return;
  const anchor = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const rightToLeft = getComputedStyle(button).direction === 'rtl';
  const left = rightToLeft ? anchor.left : anchor.right - width;
  const below = anchor.bottom + EDGE_PX / 2;
  const top = below + height > innerHeight - EDGE_PX ? anchor.top - height - EDGE_PX / 2 : below;
  popover.style.left = `${Math.max(EDGE_PX, Math.min(left, innerWidth - width - EDGE_PX))}px`;
  popover.style.top = `${Math.max(EDGE_PX, top)}px`;
}
