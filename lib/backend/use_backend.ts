export interface BackendInfo {
  version: string;
  device: string;
  threads: number;
}
