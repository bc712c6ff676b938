const LONGEST_SIDE = 1600;
const QUALITY = 0.85;

function readAsDataUrl(blob) {
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result);
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(blob);
    });
}

/**
 * Make a photo small enough for a weak connection, and turn it into text that can be kept and sent.
 *
 * @param {File} file
 * @returns {Promise<{ name: string, url: string }>} what is no photo comes back as it is: the server says so
 */
export async function preparePhoto(file) {
    let blob = file;
    let name = file.name || "photo.jpg";
    try {
        const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
        const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
        if (scale < 1) {
            const canvas = document.createElement("canvas");
            canvas.width = Math.round(bitmap.width * scale);
            canvas.height = Math.round(bitmap.height * scale);
            canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
            blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
            name = name.replace(/\.[^.]*$/, "") + ".jpg";
        }
        bitmap.close();
    } catch {
        blob = file;
    }
    return { name, url: await readAsDataUrl(blob || file) };
}
