import europe from './europe.json';

/** Our own map: outlines from Natural Earth (public domain), written by scripts/write_map.mjs. */
export const { width: MAP_WIDTH, height: MAP_HEIGHT, others: OTHERS } = europe;
export const COUNTRIES: readonly [code: string, path: string][] = Object.entries(europe.countries);

const { west, east: eastEdge, north: northEdge, south } = europe.bounds;
const mercator = (north: number): number => Math.log(Math.tan(Math.PI / 4 + (north * Math.PI) / 360));
const unmercator = (y: number): number => (Math.atan(Math.exp(y)) * 360) / Math.PI - 90;
const top = mercator(northEdge);
const perDegree = MAP_WIDTH / (eastEdge - west);
const THOUSAND = 1_000;

/** A place on earth, in thousandths of a degree, as cards have it. */
export interface Place {
  east: number;
  north: number;
}

/** Where it lies on the map, in the map's units. */
export function toMap({ east, north }: Place): { x: number; y: number } {
  return {
    x: (east / THOUSAND - west) * perDegree,
    y: ((top - mercator(north / THOUSAND)) * perDegree * 180) / Math.PI,
  };
}

export function fromMap(x: number, y: number): Place {
  return within({
    east: Math.round((x / perDegree + west) * THOUSAND),
    north: Math.round(unmercator(top - (y * Math.PI) / 180 / perDegree) * THOUSAND),
  });
}

/** The nearest place that is on the map. */
export function within({ east, north }: Place): Place {
  const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
  return {
    east: clamp(east, west * THOUSAND, eastEdge * THOUSAND),
    north: clamp(north, south * THOUSAND, northEdge * THOUSAND),
  };
}

// prettier-ignore
/** Towns by country, the capital first: name, east, north in hundredths of a degree. */
export const TOWNS: Readonly<Record<string, readonly (readonly [name: string, east: number, north: number])[]>> = {
  AD: [['Andorra la Vella', 152, 4251]],
  AL: [['Tirana', 1982, 4133], ['Shkodër', 1951, 4207], ['Vlorë', 1949, 4047]],
  AM: [['Yerevan', 4451, 4018], ['Gyumri', 4385, 4079]],
  AT: [['Wien', 1637, 4821], ['Graz', 1544, 4707], ['Innsbruck', 1139, 4727], ['Linz', 1429, 4831], ['Salzburg', 1305, 4781]],
  BA: [['Sarajevo', 1841, 4386], ['Banja Luka', 1719, 4477], ['Mostar', 1781, 4334]],
  BE: [['Bruxelles / Brussel', 435, 5085], ['Antwerpen', 440, 5122], ['Gent', 372, 5105], ['Liège', 557, 5063]],
  BG: [['Sofia', 2332, 4270], ['Plovdiv', 2475, 4215], ['Varna', 2791, 4321]],
  CH: [['Bern', 745, 4695], ['Zürich', 854, 4737], ['Genève', 614, 4620], ['Lugano', 895, 4600]],
  CY: [['Nicosia', 3337, 3517], ['Limassol', 3304, 3468], ['Paphos', 3242, 3477]],
  CZ: [['Praha', 1442, 5009], ['Brno', 1661, 4920], ['Ostrava', 1829, 4984], ['Plzeň', 1338, 4975]],
  DE: [['Berlin', 1340, 5252], ['Dresden', 1374, 5105], ['Frankfurt', 868, 5011], ['Hamburg', 999, 5355], ['Köln', 696, 5094], ['Leipzig', 1237, 5134], ['München', 1158, 4814], ['Stuttgart', 918, 4878]],
  DK: [['København', 1257, 5568], ['Aarhus', 1020, 5616], ['Odense', 1039, 5540]],
  EE: [['Tallinn', 2475, 5944], ['Tartu', 2672, 5838], ['Pärnu', 2450, 5839]],
  ES: [['Madrid', -370, 4042], ['A Coruña', -841, 4336], ['Barcelona', 217, 4139], ['Bilbao', -293, 4326], ['Granada', -360, 3718], ['Las Palmas', -1544, 2812], ['Málaga', -442, 3672], ['Palma', 265, 3957], ['Sevilla', -599, 3739], ['València', -38, 3947], ['Zaragoza', -89, 4165]],
  FI: [['Helsinki', 2494, 6017], ['Oulu', 2547, 6501], ['Rovaniemi', 2573, 6650], ['Tampere', 2376, 6150], ['Turku', 2227, 6045]],
  FR: [['Paris', 235, 4886], ['Bordeaux', -58, 4484], ['Lille', 306, 5063], ['Lyon', 484, 4576], ['Marseille', 537, 4330], ['Nantes', -155, 4722], ['Strasbourg', 775, 4857], ['Toulouse', 144, 4360]],
  GB: [['London', -13, 5151], ['Belfast', -593, 5460], ['Cardiff', -318, 5148], ['Edinburgh', -319, 5595], ['Manchester', -224, 5348]],
  GE: [['Tbilisi', 4480, 4172], ['Batumi', 4164, 4165]],
  GR: [['Athína', 2373, 3798], ['Irákleio', 2513, 3534], ['Pátra', 2173, 3825], ['Thessaloníki', 2294, 4064]],
  HR: [['Zagreb', 1598, 4581], ['Rijeka', 1444, 4533], ['Split', 1644, 4351]],
  HU: [['Budapest', 1904, 4750], ['Debrecen', 2163, 4753], ['Pécs', 1823, 4607], ['Szeged', 2015, 4625]],
  IE: [['Dublin', -626, 5335], ['Cork', -847, 5190], ['Galway', -905, 5327]],
  IS: [['Reykjavík', -2194, 6415], ['Akureyri', -1809, 6568]],
  IT: [['Roma', 1250, 4190], ['Bari', 1687, 4112], ['Bologna', 1134, 4449], ['Cagliari', 911, 3922], ['Firenze', 1125, 4377], ['Milano', 919, 4546], ['Napoli', 1427, 4085], ['Palermo', 1336, 3812], ['Torino', 769, 4507], ['Venezia', 1233, 4544]],
  LI: [['Vaduz', 952, 4714]],
  LT: [['Vilnius', 2528, 5469], ['Kaunas', 2390, 5490], ['Klaipėda', 2114, 5571]],
  LU: [['Luxembourg', 613, 4961]],
  LV: [['Rīga', 2411, 5695], ['Daugavpils', 2654, 5587], ['Liepāja', 2101, 5651]],
  MC: [['Monaco', 742, 4374]],
  MD: [['Chișinău', 2886, 4701], ['Bălți', 2793, 4776]],
  ME: [['Podgorica', 1926, 4244], ['Nikšić', 1895, 4277]],
  MK: [['Skopje', 2143, 4200], ['Bitola', 2133, 4103], ['Ohrid', 2080, 4112]],
  MT: [['Valletta', 1451, 3590]],
  NL: [['Amsterdam', 490, 5237], ['Groningen', 657, 5322], ['Maastricht', 569, 5085], ['Rotterdam', 448, 5192]],
  NO: [['Oslo', 1075, 5991], ['Bergen', 532, 6039], ['Tromsø', 1896, 6965], ['Trondheim', 1040, 6343]],
  PL: [['Warszawa', 2101, 5223], ['Gdańsk', 1865, 5435], ['Kraków', 1994, 5006], ['Lublin', 2257, 5125], ['Łódź', 1946, 5176], ['Poznań', 1693, 5241], ['Rzeszów', 2200, 5004], ['Szczecin', 1455, 5343], ['Wrocław', 1703, 5111]],
  PT: [['Lisboa', -914, 3872], ['Coimbra', -843, 4021], ['Faro', -794, 3702], ['Funchal', -1691, 3265], ['Porto', -861, 4116]],
  RO: [['București', 2610, 4443], ['Cluj-Napoca', 2360, 4677], ['Constanța', 2864, 4418], ['Iași', 2759, 4716], ['Timișoara', 2123, 4575]],
  RS: [['Beograd', 2046, 4482], ['Niš', 2190, 4332], ['Novi Sad', 1984, 4526]],
  SE: [['Stockholm', 1807, 5933], ['Göteborg', 1197, 5771], ['Malmö', 1300, 5561], ['Umeå', 2026, 6383]],
  SI: [['Ljubljana', 1451, 4605], ['Koper', 1373, 4555], ['Maribor', 1565, 4655]],
  SK: [['Bratislava', 1711, 4815], ['Košice', 2126, 4872], ['Žilina', 1874, 4922]],
  SM: [['San Marino', 1245, 4394]],
  TR: [['Ankara', 3286, 3993], ['Antalya', 3070, 3690], ['İstanbul', 2898, 4101], ['İzmir', 2714, 3842]],
  UA: [['Kyiv', 3052, 5045], ['Kharkiv', 3623, 4999], ['Lviv', 2403, 4984], ['Odesa', 3073, 4648]],
  VA: [['Vaticano', 1245, 4190]],
  XK: [['Prishtina', 2117, 4266]],
};
