import {
  listDevices,
  onDeviceChange,
  openBoth,
  openDevice,
  openScreen,
  type DeviceKind,
  type DeviceProblem,
  type Devices,
  type Opened,
} from './devices';

/** This person's microphone or camera: whether it is on, and if it can't be, why. */
export class OwnDevice {
  readonly kind: DeviceKind;
  on = $state(false);
  busy = $state(false);
  track = $state.raw<MediaStreamTrack | null>(null);
  problem = $state<DeviceProblem | null>(null);
  /** The one that was picked; null: the browser's choice. */
  deviceId = $state<string | null>(null);
  readonly #onChange: () => void;

  constructor(kind: DeviceKind, onChange: () => void) {
    this.kind = kind;
    this.#onChange = onChange;
  }

  async turnOn(): Promise<void> {
    if (this.busy) return;
    if (this.track) {
      this.track.enabled = true;
      this.on = true;
      this.#onChange();
      return;
    }
    this.busy = true;
    this.take(await openDevice(this.kind, this.deviceId));
  }

  /** Silent at once. A camera is given back, so that its light goes out; a microphone stays open to be quick. */
  turnOff(): void {
    this.on = false;
    if (this.kind === 'camera') this.release();
    else if (this.track) this.track.enabled = false;
    this.#onChange();
  }

  async pick(deviceId: string): Promise<void> {
    this.deviceId = deviceId;
    if (!this.track) return;
    const wasOn = this.on;
    this.busy = true;
    const opened = await openDevice(this.kind, deviceId);
    this.release();
    this.take(opened, wasOn);
  }

  /** Adopts what opening the device gave. */
  take(opened: Opened, on = true): void {
    this.busy = false;
    if ('problem' in opened) {
      this.problem = opened.problem;
      this.on = false;
    } else {
      const { track } = opened;
      track.enabled = on;
      track.addEventListener('ended', () => this.#lose(track));
      this.track = track;
      this.deviceId = track.getSettings().deviceId ?? this.deviceId;
      this.problem = null;
      this.on = on;
    }
    this.#onChange();
  }

  release(): void {
    this.track?.stop();
    this.track = null;
  }

  #lose(track: MediaStreamTrack): void {
    if (track !== this.track) return;
    this.track = null;
    this.on = false;
    this.problem = 'unplugged';
    this.#onChange();
  }
}

/** What this person shows and says: opened in the lobby, sent by the call, given back at once when it ends. */
export class OwnMedia {
  readonly microphone: OwnDevice;
  readonly camera: OwnDevice;
  screen = $state.raw<MediaStreamTrack | null>(null);
  screenSound = $state.raw<MediaStreamTrack | null>(null);
  screenProblem = $state<DeviceProblem | null>(null);
  devices = $state.raw<Devices>({ microphone: [], camera: [] });
  readonly #onChange: () => void;
  #unfollow: (() => void) | null = null;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.microphone = new OwnDevice('microphone', onChange);
    this.camera = new OwnDevice('camera', onChange);
  }

  /** Opens what is wanted for the lobby; problems land in the devices. */
  async open(wanted: Record<DeviceKind, boolean>): Promise<void> {
    this.#unfollow ??= onDeviceChange(() => void this.refreshDevices());
    const { microphone, camera } = this;
    if (wanted.microphone && wanted.camera && !microphone.track && !camera.track) {
      microphone.busy = camera.busy = true;
      const opened = await openBoth({ microphone: microphone.deviceId, camera: camera.deviceId });
      microphone.take(opened.microphone);
      camera.take(opened.camera);
    } else {
      if (wanted.microphone) await microphone.turnOn();
      if (wanted.camera) await camera.turnOn();
    }
    await this.refreshDevices();
  }

  async refreshDevices(): Promise<void> {
    this.devices = await listDevices();
  }

  async shareScreen(): Promise<void> {
    const shared = await openScreen();
    if (!shared) return;
    if ('problem' in shared) {
      this.screenProblem = shared.problem;
      return;
    }
    this.screenProblem = null;
    this.screen = shared.screen;
    this.screenSound = shared.sound;
    shared.screen.addEventListener('ended', () => {
      if (this.screen === shared.screen) this.stopScreen();
    });
    this.#onChange();
  }

  stopScreen(): void {
    this.screen?.stop();
    this.screenSound?.stop();
    this.screen = null;
    this.screenSound = null;
    this.#onChange();
  }

  /** Gives everything back to the machine. */
  close(): void {
    this.#unfollow?.();
    this.#unfollow = null;
    for (const device of [this.microphone, this.camera]) {
      device.release();
      device.on = false;
      device.problem = null;
    }
    if (this.screen) this.stopScreen();
  }
}
