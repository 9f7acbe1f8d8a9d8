/** Catalogue of the data sets that Forger can download: URLs, sizes, checksums, authors and terms.
 *
 * The SHA-256 checksums and sizes of CycleGAN's archives, MNIST and Fashion-MNIST are those published by TensorFlow Datasets
 * (url_checksums/). For pix2pix's archives, only MD5 checksums from another project are known, so a mismatch
 * is reported but is not an error.
 * @module */

/** A data set distributed as one archive. */
export interface Archive {
  /** Name of the data set, and of the folder extracted from the archive. */
  name: string;
  /** File name of the archive; the extension, .tar.gz or .zip, determines how it is unpacked. */
  file: string;
  /** URLs of the mirrors, in the order in which they are tried. */
  urls: string[];
  /** Size of the archive in bytes, if known. */
  bytes?: number;
  /** Published SHA-256 checksum of the archive, in hexadecimal. */
  sha256?: string;
  /** MD5 checksum of the archive, as listed by another project; a mismatch is reported but is not an error. */
  md5?: string;
  /** Number of images in each folder, checked after unpacking. 0 means that the number is unknown; the folder must then
   * contain at least one image. */
  images: Record<string, number>;
  /** Authors of the data set. */
  authors: string;
  /** Licence, or what is known about the terms of use. */
  terms: string;
}

/** A data set distributed as individual files. */
export interface FileSet extends Pick<Archive, "name" | "authors" | "terms"> {
  /** Base URLs of the mirrors, in the order in which they are tried; each ends in "/". */
  urls: string[];
  /** Size in bytes and hexadecimal SHA-256 checksum of each file, keyed by file name. */
  files: Record<string, { bytes: number; sha256: string }>;
}

/** Name of a paired data set in the catalogue. */
export type PairedName = "facades" | "maps" | "edges2shoes" | "edges2handbags" | "night2day";
/** Name of an unpaired data set in the catalogue. */
export type UnpairedName =
  | "apple2orange"
  | "summer2winter_yosemite"
  | "horse2zebra"
  | "monet2photo"
  | "cezanne2photo"
  | "ukiyoe2photo"
  | "vangogh2photo"
  | "iphone2dslr_flower";

// At times, the host has responded to only one of the two protocols.
const berkeley = (path: string) => ["https", "http"].map((protocol) => `${protocol}://efrosgans.eecs.berkeley.edu/${path}`);
const isola = "Isola et al., CVPR 2017, arXiv:1611.07004";
const zhu = "Zhu et al., ICCV 2017, arXiv:1703.10593";
const noLicence = "no licence text found; research use; cite the authors";

function pix2pix(name: string, properties: Pick<Archive, "images" | "authors"> & Partial<Archive>): Archive {
  // The original URL, people.eecs.berkeley.edu/~tinghuiz, returns 404.
  const urls = berkeley(`pix2pix/datasets/${name}.tar.gz`);
  return { name, file: `${name}.tar.gz`, urls, terms: noLicence, ...properties };
}

/** pix2pix's data sets of side-by-side images, except Cityscapes, whose licence requires registration. */
export const pairedArchives: Readonly<Record<PairedName, Archive>> = {
  facades: pix2pix("facades", {
    bytes: 30_168_306, // from published download logs
    md5: "e2e25dd517e9d15828416ab329da2854",
    images: { train: 400, val: 100, test: 106 },
    authors: `CMP Facades: Tylecek and Sara, GCPR 2013; as pairs: ${isola}`,
    terms: "no licence text found; cite the authors",
  }),
  maps: pix2pix("maps", {
    md5: "e5f65d26eb288457f5ac056deb94d154",
    images: { train: 1096, val: 1098 },
    authors: `${isola}, from Google Maps`,
  }),
  edges2shoes: pix2pix("edges2shoes", {
    md5: "71da478b54fedde126e234a2a050bc15",
    images: { train: 0, val: 200 },
    authors: `UT Zappos50K: Yu and Grauman, CVPR 2014; edges: ${isola}`,
  }),
  edges2handbags: pix2pix("edges2handbags", {
    md5: "815592f22fa7f7534a286a25bb73bf03",
    images: { train: 0, val: 200 },
    authors: `iGAN's handbags: Zhu et al., ECCV 2016; edges: ${isola}`,
  }),
  night2day: pix2pix("night2day", {
    md5: "fd21b1d447a1f927fed41aabedd85baa",
    images: { train: 0, val: 0, test: 0 },
    authors: `Transient Attributes: Laffont et al., SIGGRAPH 2014; as pairs: ${isola}`,
  }),
};

/** Size in bytes, number of images in each folder (from TensorFlow Datasets), and SHA-256 checksum of an archive. */
type CycleGanFacts = [bytes: number, trainA: number, trainB: number, testA: number, testB: number, sha256: string];

const cycleGanFacts: Record<UnpairedName, CycleGanFacts> = {
  apple2orange: [78_456_409, 995, 1019, 266, 248, "845a191e9af8926408ea597001cd03a452e3300a1f44a79fe329b3d59f6e3eb8"],
  summer2winter_yosemite: [132_640_856, 1231, 962, 309, 238, "167fe1726807a9d22bd106b4a6c0bd7953b688af924ac1bf967439c4961e49f9"],
  horse2zebra: [116_867_962, 1067, 1334, 120, 140, "a74d9d392eecca9966b51287a76ca126af473d9de4f3e8fc0e9cda08fa1730a1"],
  monet2photo: [305_231_073, 1072, 6287, 121, 751, "88f91b00fc228f97c9411fbf1880ec1d119c98f1722e4cfcfaa2fb35fac05b04"],
  cezanne2photo: [279_885_071, 525, 6287, 58, 751, "3a6c10ca21f9485862f1cbd707744b9dc258954a04631271d23a3605eeb63cff"],
  ukiyoe2photo: [292_946_532, 562, 6287, 263, 751, "02a2a2fb5ecf425ca1bf86aca7304377da64a2a1d3b86df54eb65e4068bf3b08"],
  vangogh2photo: [306_590_349, 400, 6287, 400, 751, "362c3473e70be0944bda08d49d660eafdc2854df55d697835b8186d1d79caaff"],
  iphone2dslr_flower: [339_964_458, 1812, 3325, 569, 480, "8fcb5e374d631b107e1d961b8c4cd0a186aa2a4ff3e279923f4c426128de7113"],
};

function cycleGan(name: string, [bytes, trainA, trainB, testA, testB, sha256]: CycleGanFacts): Archive {
  const original = `https://people.eecs.berkeley.edu/~taesung_park/CycleGAN/datasets/${name}.zip`;
  const urls = [...berkeley(`cyclegan/datasets/${name}.zip`), original];
  const images = { trainA, trainB, testA, testB };
  return { name, file: `${name}.zip`, urls, bytes, sha256, images, authors: zhu, terms: noLicence };
}

/** CycleGAN's unpaired data sets. */
export const unpairedArchives: Readonly<Record<UnpairedName, Archive>> = Object.fromEntries(
  Object.entries(cycleGanFacts).map(([name, facts]) => [name, cycleGan(name, facts)]),
) as Record<UnpairedName, Archive>;

/** Returns the sizes and SHA-256 checksums of the four idx files, keyed by file name. */
function idxFiles(...facts: [bytes: number, sha256: string][]): FileSet["files"] {
  const names = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];
  return Object.fromEntries(facts.map(([bytes, sha256], i) => [`${names[i]}-ubyte.gz`, { bytes, sha256 }]));
}

/** Data sets of labelled images. */
export const labelledArchives: Readonly<Record<"mnist" | "fashion_mnist", FileSet>> = {
  mnist: {
    name: "mnist",
    urls: ["https://storage.googleapis.com/cvdf-datasets/mnist/", "https://ossci-datasets.s3.amazonaws.com/mnist/"],
    files: idxFiles(
      [9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"],
      [28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"],
      [1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"],
      [4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"],
    ),
    authors: "LeCun, Cortes, Burges 1998",
    terms: "CC BY-SA 3.0",
  },
  fashion_mnist: {
    name: "fashion_mnist",
    urls: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
    files: idxFiles(
      [26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"],
      [29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"],
      [4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"],
      [5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"],
    ),
    authors: "Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747",
    terms: "MIT",
  },
};

/** The whole catalogue, keyed by the name of the data set. */
export const archives: Readonly<
  Record<PairedName | UnpairedName, Archive> & Record<keyof typeof labelledArchives, FileSet>
> = { ...pairedArchives, ...unpairedArchives, ...labelledArchives };
