/** A photo from the camera.
 * @module */
import { button, canvas, contextOf, element } from "./dom.ts";

/** Reasons why the camera cannot be used, keyed by the name of the browser's error. */
const REASONS: Record<string, string> = {
  NotAllowedError: "access was denied; allow the camera in the browser's address bar, or choose an image",
  NotFoundError: "no camera was found; choose an image",
  NotReadableError: "another program uses it; close that program, or choose an image",
};

/** Opens the camera in a dialog and lets the user take a photo.
 * @returns `undefined` if the user closes the dialog.
 * @throws {Error} If there is no camera, or if the user denies access. */
export async function takePhoto(): Promise<Blob | undefined> {
  const stream = await openCamera();
  try {
    const video = element("video", { autoplay: true, playsinline: true, muted: true, "aria-label": "Camera preview" });
    video.srcObject = stream;
    return await new Promise<Blob | undefined>((resolve) => {
      const close = (photo?: Blob) => {
        resolve(photo);
        dialog.remove();
      };
      const take = () => {
        const still = canvas({ height: video.videoHeight || 1, width: video.videoWidth || 1 });
        contextOf(still).drawImage(video, 0, 0);
        still.toBlob((blob) => close(blob ?? undefined));
      };
      const buttons = element("div", { class: "choices" }, button("Take photo", take), button("Cancel", () => close()));
      const dialog: HTMLDialogElement = element("dialog", { "aria-label": "Camera", onclose: () => close() }, video, buttons);
      document.body.append(dialog);
      dialog.showModal();
    });
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

async function openCamera(): Promise<MediaStream> {
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices }; // undefined on pages from an http: address
  if (!mediaDevices) throw new Error("Cannot use the camera: the browser allows it on https: pages only; choose an image");
  try {
    return await mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch (error) {
    const { name, message } = error as Error;
    throw new Error(`Cannot use the camera: ${REASONS[name] ?? `${message}; choose a picture`}`);
  }
}
