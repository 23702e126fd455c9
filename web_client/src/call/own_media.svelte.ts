import { isBlurred } from './background_blur';
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
  /** Of a camera: the background is to be blurred where the machine can. */
  blur = $state(false);
  readonly #onChange: () => void;
  #turn = 0;

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
    await this.opening(() => openDevice(this.kind, this.deviceId, this.blur));
  }

  /** Waits for the device and adopts it, unless it was given back meanwhile: then nobody wants it any more. */
  async opening(open: () => Promise<Opened>, on = () => true): Promise<void> {
    const turn = ++this.#turn;
    this.busy = true;
    const opened = await open();
    if (turn === this.#turn) {
      this.busy = false;
      this.#take(opened, on());
    } else if ('track' in opened) opened.track.stop();
  }

  /** Silent at once. A camera is given back, so that its light goes out; a microphone stays open to be quick. */
  turnOff(): void {
    this.on = false;
    if (this.kind === 'camera' || !this.track) this.release();
    else this.track.enabled = false;
    this.#onChange();
  }

  async pick(deviceId: string): Promise<void> {
    this.deviceId = deviceId;
    if (this.track)
      await this.opening(
        () => openDevice(this.kind, deviceId, this.blur),
        () => this.on,
      );
  }

  /** Whether it was done; a camera that can't is left as it is. */
  async setBlur(blur: boolean): Promise<boolean> {
    this.blur = blur;
    const wanted: MediaTrackConstraints = { ...this.track?.getConstraints(), backgroundBlur: blur };
    try {
      await this.track?.applyConstraints(wanted);
    } catch {
      return false; // The system has taken the choice away meanwhile.
    }
    return isBlurred(this.track) === blur;
  }

  release(): void {
    this.#turn += 1;
    this.busy = false;
    this.track?.stop();
    this.track = null;
  }

  #take(opened: Opened, on: boolean): void {
    this.track?.stop();
    this.track = null;
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
      const both = openBoth({ microphone: microphone.deviceId, camera: camera.deviceId }, camera.blur);
      await Promise.all([microphone, camera].map((device) => device.opening(async () => (await both)[device.kind])));
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
