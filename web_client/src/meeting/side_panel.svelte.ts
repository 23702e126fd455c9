/** Which panel stands beside the meeting; null: none. */
class SidePanel {
  open = $state<string | null>(null);

  show(id: string): void {
    this.open = id;
  }

  toggle(id: string): void {
    this.open = this.open === id ? null : id;
  }

  close(): void {
    this.open = null;
  }
}

export const sidePanel = new SidePanel();
