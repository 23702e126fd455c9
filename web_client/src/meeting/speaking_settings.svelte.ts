import { readPreferences, savePreferences } from './preferences';

/** Whether screen readers are told who speaks, on this device. */
class SpeakingSettings {
  said = $state(readPreferences().saySpeakers);

  say(said: boolean): void {
    this.said = said;
    savePreferences({ saySpeakers: said });
  }
}

export const speakingSettings = new SpeakingSettings();
