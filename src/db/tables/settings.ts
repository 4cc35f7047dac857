/** Tables of the settings: a row each as kysely sees it. */

export interface SettingsVersionTable {
  district: number;
  /** Goes up by one with every change of what nodes keep in memory. */
  version: number;
}

export interface SettingsTables {
  settings_version: SettingsVersionTable;
}
