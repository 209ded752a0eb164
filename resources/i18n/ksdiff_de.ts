<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>KSDiff</name>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Align multispectral to PAN</source>
      <translation>Multispektralbild an PAN ausrichten</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Measures how far MS lies from PAN, to a fraction of a pixel, and corrects it.</source>
      <translation>Misst auf Bruchteile eines Pixels, wie weit MS neben PAN liegt, und berichtigt es.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>MS with the shift taken out, a GeoTIFF: the same pixels, on a grid that was moved on the map. MS must have a georeference for it.</source>
      <translation>MS ohne den Versatz, ein GeoTIFF: dieselben Pixel, auf einem Raster, das auf der Karte verschoben wurde. MS muss dafür georeferenziert sein.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Report of the alignment</source>
      <translation>Bericht über das Ausrichten</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>An HTML page: the shift of the scene and of its blocks, in maps and numbers.</source>
      <translation>Eine HTML-Seite: der Versatz der Szene und ihrer Blöcke, in Karten und Zahlen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Aligned MS</source>
      <translation>Ausgerichtetes MS</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>aligned</source>
      <translation>ausgerichtet</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Match {:.2f}, without the shift {:.2f}; {} of {} blocks tell clearly.</source>
      <translation>Übereinstimmung {:.2f}, ohne den Versatz {:.2f}; {} von {} Blöcken zeigen ihn deutlich.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>not aligned</source>
      <translation>nicht ausgerichtet</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The finer, single-band image. It stays where it is.</source>
      <translation>Das feinere Bild mit einem Kanal. Es bleibt, wo es ist.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Bands to measure by; the output has all of them. None chosen: all but alpha.</source>
      <translation>Kanäle, an denen gemessen wird; die Ausgabe hat alle. Keiner gewählt: alle außer Alpha.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pansharpened</source>
      <translation>Geschärft</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Ratio of the pixel sizes</source>
      <translation>Verhältnis der Pixelgrößen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Number of tiles</source>
      <translation>Anzahl der Kacheln</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Seconds taken</source>
      <translation>Dauer in Sekunden</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Rows that MS was moved up (PAN pixels)</source>
      <translation>Zeilen, um die MS nach oben verschoben wurde (PAN-Pixel)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Columns that MS was moved left (PAN pixels)</source>
      <translation>Spalten, um die MS nach links verschoben wurde (PAN-Pixel)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>ERGAS of the method used, in the comparison</source>
      <translation>ERGAS des verwendeten Verfahrens im Vergleich</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>SAM of the method used, in the comparison (degrees)</source>
      <translation>SAM des verwendeten Verfahrens im Vergleich (Grad)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>MS pixels compared</source>
      <translation>Verglichene MS-Pixel</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Method used</source>
      <translation>Verwendetes Verfahren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Why that method was used</source>
      <translation>Warum dieses Verfahren verwendet wurde</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Sensor reckoned with</source>
      <translation>Angenommener Sensor</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Method that 'auto' takes by the comparison</source>
      <translation>Verfahren, das 'auto' nach dem Vergleich nimmt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Best classical method of the comparison</source>
      <translation>Bestes klassisches Verfahren im Vergleich</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Scores of the comparison (JSON)</source>
      <translation>Werte des Vergleichs (JSON)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>What adapting the network to the scene does</source>
      <translation>Was das Anpassen des Netzes an die Szene bringt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Device used</source>
      <translation>Verwendetes Gerät</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Model used</source>
      <translation>Verwendetes Modell</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Steps taken</source>
      <translation>Ausgeführte Schritte</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Rows that MS lies further down (PAN pixels)</source>
      <translation>Zeilen, um die MS tiefer liegt (PAN-Pixel)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Columns that MS lies further right (PAN pixels)</source>
      <translation>Spalten, um die MS weiter rechts liegt (PAN-Pixel)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Length of the shift (metres)</source>
      <translation>Länge des Versatzes (Meter)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>How well PAN and MS match with the shift (0 to 1)</source>
      <translation>Wie gut PAN und MS mit dem Versatz übereinstimmen (0 bis 1)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Number of blocks that tell the shift clearly</source>
      <translation>Anzahl der Blöcke, die den Versatz deutlich zeigen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>What needs attention; empty when nothing does</source>
      <translation>Was Beachtung braucht; leer, wenn nichts</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>SAM per pixel</source>
      <translation>SAM je Pixel</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Q2n per block</source>
      <translation>Q2n je Block</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Error per band</source>
      <translation>Fehler je Kanal</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>SAM: Spectral angle (degrees; 0 is best)</source>
      <translation>SAM: Spektralwinkel (Grad; 0 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>ERGAS: Relative error over all bands (0 is best)</source>
      <translation>ERGAS: Relativer Fehler über alle Kanäle (0 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Q2n: Universal quality of all bands together (1 is best)</source>
      <translation>Q2n: Universelle Güte aller Kanäle zusammen (1 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>SCC: Correlation of the details (1 is best)</source>
      <translation>SCC: Korrelation der Details (1 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>PSNR: Peak signal to noise (dB; higher is better)</source>
      <translation>PSNR: Spitzensignal zu Rauschen (dB; höher ist besser)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>SSIM: Structural similarity (1 is best)</source>
      <translation>SSIM: Strukturelle Ähnlichkeit (1 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>D_lambda: Spectral distortion of QNR (0 is best)</source>
      <translation>D_lambda: Spektrale Verzerrung von QNR (0 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>D_lambda_K: Spectral distortion of HQNR (0 is best)</source>
      <translation>D_lambda_K: Spektrale Verzerrung von HQNR (0 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>D_s: Spatial distortion (0 is best)</source>
      <translation>D_s: Räumliche Verzerrung (0 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>QNR: Quality without a reference (1 is best)</source>
      <translation>QNR: Güte ohne Referenz (1 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>HQNR: Hybrid quality without a reference (1 is best)</source>
      <translation>HQNR: Hybride Güte ohne Referenz (1 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>SAM: Spectral angle, degraded to MS (degrees; 0 is best)</source>
      <translation>SAM: Spektralwinkel, auf MS vergröbert (Grad; 0 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>ERGAS: Relative error, degraded to MS (0 is best)</source>
      <translation>ERGAS: Relativer Fehler, auf MS vergröbert (0 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Q2n: Universal quality, degraded to MS (1 is best)</source>
      <translation>Q2n: Universelle Güte, auf MS vergröbert (1 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Displacement against MS, down (PAN pixels; 0 is best)</source>
      <translation>Versatz gegen MS nach unten (PAN-Pixel; 0 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Displacement against MS, to the right (PAN pixels; 0 is best)</source>
      <translation>Versatz gegen MS nach rechts (PAN-Pixel; 0 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Largest departure of a band's mean (percent; 0 is best)</source>
      <translation>Größte Abweichung des Mittels eines Kanals (Prozent; 0 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pixels assessed</source>
      <translation>Beurteilte Pixel</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>What needs attention, a line each</source>
      <translation>Was Beachtung braucht, je eine Zeile</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Reduced PAN</source>
      <translation>Vergröbertes PAN</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Reduced MS</source>
      <translation>Vergröbertes MS</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Ratio used</source>
      <translation>Verwendetes Verhältnis</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Rows of the table</source>
      <translation>Zeilen der Tabelle</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pairs that can be trained on</source>
      <translation>Paare, an denen trainiert werden kann</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pairs left out</source>
      <translation>Ausgelassene Paare</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Patches to train on</source>
      <translation>Ausschnitte zum Trainieren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Patches held out</source>
      <translation>Zurückgehaltene Ausschnitte</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Made-up scenes</source>
      <translation>Erfundene Szenen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Size of the file (MB)</source>
      <translation>Größe der Datei (MB)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Numbers of bands</source>
      <translation>Anzahlen der Kanäle</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Recipe (JSON)</source>
      <translation>Rezept (JSON)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>ERGAS of the model on what was held out</source>
      <translation>ERGAS des Modells am Zurückgehaltenen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>ERGAS of the model it began with</source>
      <translation>ERGAS des Modells, mit dem es begann</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>ERGAS of the best classical method</source>
      <translation>ERGAS des besten klassischen Verfahrens</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Loss of the last step</source>
      <translation>Verlust des letzten Schritts</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Steps of both stages</source>
      <translation>Schritte beider Stufen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Seconds trained</source>
      <translation>Dauer des Trainings in Sekunden</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Scores on what was held out (JSON)</source>
      <translation>Werte am Zurückgehaltenen (JSON)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Models that are there (JSON)</source>
      <translation>Vorhandene Modelle (JSON)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Folder of your own models</source>
      <translation>Ordner der eigenen Modelle</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>State: ready, missing, unfinished, outdated, broken or busy</source>
      <translation>Zustand: ready (bereit), missing (fehlt), unfinished (unfertig), outdated (veraltet), broken (kaputt) oder busy (in Arbeit)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Installed size: light, full or gpu</source>
      <translation>Installierte Größe: light, full oder gpu</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Python interpreter that runs the algorithms</source>
      <translation>Python-Interpreter, der die Algorithmen ausführt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Devices of the self-test (JSON)</source>
      <translation>Geräte des Selbsttests (JSON)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Result, and what to do</source>
      <translation>Ergebnis, und was zu tun ist</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Folder of the plugin's environment</source>
      <translation>Ordner der Umgebung der Erweiterung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Log of the installation</source>
      <translation>Protokoll der Installation</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Align MS to PAN</source>
      <translation>MS an PAN ausrichten</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Assess the result</source>
      <translation>Das Ergebnis beurteilen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Sharpen</source>
      <translation>Schärfen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Aligned and sharpened</source>
      <translation>Ausgerichtet und geschärft</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>For how many seconds at most KSDiff learns on the scene before it sharpens it, where a test shows that this lowers the error; 0: it does not.</source>
      <translation>Wie viele Sekunden KSDiff höchstens an der Szene lernt, bevor es sie schärft, wo ein Test zeigt, dass das den Fehler senkt; 0: gar nicht.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The coarser image with the colours; it must overlap PAN and have a georeference.</source>
      <translation>Das gröbere Bild mit den Farben; es muss PAN überlappen und georeferenziert sein.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Preparation</source>
      <translation>Vorbereitung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>pansharpen,align,registration,coregistration,shift,offset,phase correlation</source>
      <translation>pansharpen,ausrichten,registrierung,koregistrierung,verschiebung,versatz,phasenkorrelation</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Compare methods on scenes</source>
      <translation>Verfahren an Szenen vergleichen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Scores of every method on every scene of a folder.</source>
      <translation>Werte jedes Verfahrens an jeder Szene eines Ordners.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>pansharpen,benchmark,compare,quality,ergas,sam,q2n,wald</source>
      <translation>pansharpen,benchmark,vergleichen,qualität,güte,ergas,sam,q2n,wald</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Methods (none chosen: all)</source>
      <translation>Verfahren (keines gewählt: alle)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Folder of scenes</source>
      <translation>Ordner mit Szenen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>One folder per set in it, with pairs X_pan.tif and X_ms.tif. Or a test file of PanCollection (.h5 or .mat), by its path.</source>
      <translation>Darin ein Ordner je Gruppe, mit Paaren X_pan.tif und X_ms.tif. Oder eine Testdatei von PanCollection (.h5 oder .mat), mit ihrem Pfad.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>None chosen: all. 'auto' is the method that KSDiff pansharpening would take; 'ksdiff-adapted', 'srino-adapted' and 'auto-adapted' are KSDiff, SRINO and 'auto' where the network may adapt to each scene, which needs seconds.</source>
      <translation>Keines gewählt: alle. 'auto' ist das Verfahren, das KSDiff-Pansharpening nähme; 'ksdiff-adapted', 'srino-adapted' und 'auto-adapted' sind KSDiff, SRINO und 'auto', wenn sich das Netz an jede Szene anpassen darf; das braucht Sekunden.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>With more than 0 the adapted methods are compared, too; that takes twice as many seconds for each scene and resolution.</source>
      <translation>Bei mehr als 0 werden auch die angepassten Verfahren verglichen; das dauert doppelt so viele Sekunden je Szene und Auflösung.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>A row of scores per scene and method.</source>
      <translation>Eine Zeile mit Werten je Szene und Verfahren.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Table</source>
      <translation>Tabelle</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Table as JSON</source>
      <translation>Tabelle als JSON</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>The same for programs.</source>
      <translation>Dasselbe für Programme.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>{} needs time: give the seconds to adapt the network to a scene.</source>
      <translation>{} braucht Zeit: bitte angeben, wie viele Sekunden das Netz an eine Szene angepasst werden darf.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Evaluation</source>
      <translation>Bewertung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>{} '{}' has no band {}: it has {}.</source>
      <translation>{} '{}' hat keinen Kanal {}: vorhanden sind {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>A band of {} '{}' was chosen twice.</source>
      <translation>Ein Kanal von {} '{}' wurde zweimal gewählt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>'{}' has {} bands: choose the panchromatic one (advanced parameter 'Band of PAN'), or another layer as PAN.</source>
      <translation>'{}' hat {} Kanäle: den panchromatischen wählen (erweiterter Parameter 'Kanal von PAN'), oder einen anderen Layer als PAN.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>PAN and MS are the same file. Choose the finer, panchromatic image as PAN.</source>
      <translation>PAN und MS sind dieselbe Datei. Als PAN das feinere, panchromatische Bild wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>'{}' and '{}' do not overlap.</source>
      <translation>'{}' und '{}' überlappen sich nicht.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>They seem to be exchanged.</source>
      <translation>Sie sind wohl vertauscht.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The pixels of PAN '{}' are not finer than those of MS '{}'.</source>
      <translation>Die Pixel von PAN '{}' sind nicht feiner als die von MS '{}'.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>QGIS has '{}' in {}, its file says {}, and KSDiff goes by the files: assign the right CRS to the file (Raster &gt; Projections &gt; Assign Projection), or correct that of the layer.</source>
      <translation>QGIS führt '{}' in {}, laut der Datei liegt es in {}, und KSDiff richtet sich nach den Dateien: Weisen Sie der Datei das richtige KBS zu (Raster &gt; Projektionen &gt; Projektion zuweisen) oder berichtigen Sie das des Layers.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The files have no CRS, and what is written will have none: set it to {} for each result (layer menu &gt; Layer CRS).</source>
      <translation>Die Dateien haben kein KBS, und was geschrieben wird, bekommt keines: Setzen Sie es bei jedem Ergebnis auf {} (Layermenü &gt; Layer-KBS).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>no CRS</source>
      <translation>keinem KBS</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>a CRS without a code</source>
      <translation>einem KBS ohne Kennung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>PAN is in {}, MS in {}: one of them may be declared wrongly.</source>
      <translation>PAN liegt in {}, MS in {}: eines davon ist vielleicht falsch angegeben.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>its pixels are {:.4g} x {:.4g} of the other's.</source>
      <translation>seine Pixel sind {:.4g} x {:.4g} des anderen groß.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>its pixels lie beside the other's.</source>
      <translation>seine Pixel liegen neben denen des anderen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>it reaches beyond the other.</source>
      <translation>es reicht über das andere hinaus.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>'{}' does not lie on the pixel grid of '{}': </source>
      <translation>'{}' liegt nicht auf dem Pixelraster von '{}': </translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>1 band</source>
      <translation>1 Kanal</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>{} bands</source>
      <translation>{} Kanäle</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>'{}' has {}, to be compared with {} of MS: choose these by 'Bands of MS'.</source>
      <translation>'{}' hat {}, zu vergleichen mit {} von MS: diese unter 'Kanäle von MS' wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The output must not be one of the inputs or other outputs: {}</source>
      <translation>Die Ausgabe darf keine der Eingaben oder anderen Ausgaben sein: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The output is {}: name it {}, not {}</source>
      <translation>Die Ausgabe ist {}: sie muss {} heißen, nicht {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The folder of the output does not exist: {}</source>
      <translation>Den Ordner der Ausgabe gibt es nicht: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The output must not be a file that an input is read from: {} ({})</source>
      <translation>Die Ausgabe darf keine Datei sein, aus der eine Eingabe gelesen wird: {} ({})</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The model 'custom' needs a model file (advanced parameter).</source>
      <translation>Das Modell 'custom' braucht eine Modelldatei (erweiterter Parameter).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The model file does not exist: {}</source>
      <translation>Die Modelldatei gibt es nicht: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The scenes are a folder, or a file named {}, not {}</source>
      <translation>Die Szenen sind ein Ordner oder eine Datei namens {}, nicht {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source> or </source>
      <translation> oder </translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The folder does not exist: {}</source>
      <translation>Den Ordner gibt es nicht: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>Classical pansharpening</source>
      <translation>Klassisches Pansharpening</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>Brovey, GSA, BT-H, MTF-GLP-FS, BDSD-PC, or what has the least error on this scene.</source>
      <translation>Brovey, GSA, BT-H, MTF-GLP-FS, BDSD-PC, oder was an dieser Szene den kleinsten Fehler hat.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>pansharpen,pan-sharpening,fusion,brovey,gram-schmidt,gsa,bt-h,mtf-glp,bdsd</source>
      <translation>pansharpen,pan-sharpening,schärfen,fusion,brovey,gram-schmidt,gsa,bt-h,mtf-glp,bdsd</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>Method</source>
      <translation>Verfahren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>'auto' compares them on scattered windows of the scene at reduced resolution, and takes that of the least error. 'exp' only interpolates MS.</source>
      <translation>'auto' vergleicht sie an verstreuten Ausschnitten der Szene bei verringerter Auflösung und nimmt das mit dem kleinsten Fehler. 'exp' interpoliert MS nur.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/ksdiff.py" />
      <source>Sharpens a multispectral image with a finer panchromatic one.</source>
      <translation>Schärft ein Multispektralbild mit einem feineren panchromatischen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/ksdiff.py" />
      <source>'auto' takes KSDiff, unless the error of another method in the comparison on this scene is more than 10 % lower: then that one. 'ksdiff' takes KSDiff, whatever the comparison says of the others.</source>
      <translation>'auto' nimmt KSDiff, außer der Fehler eines anderen Verfahrens ist im Vergleich an dieser Szene um mehr als 10 % kleiner: dann dieses. 'ksdiff' nimmt KSDiff, was immer der Vergleich von den anderen sagt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/ksdiff.py" />
      <source>The method 'auto' needs the comparison: tick 'Compare with the other methods', or choose the method 'ksdiff'.</source>
      <translation>Das Verfahren 'auto' braucht den Vergleich: 'Mit den anderen Verfahren vergleichen' ankreuzen, oder das Verfahren 'ksdiff' wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/ksdiff.py" />
      <source>pansharpen,pan-sharpening,fusion,multispectral,satellite,deep learning,diffusion</source>
      <translation>pansharpen,pan-sharpening,schärfen,fusion,multispektral,satellit,deep learning,diffusion</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/learned.py" />
      <source>{} pansharpening</source>
      <translation>{}-Pansharpening</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/learned.py" />
      <source>Compare with the other methods</source>
      <translation>Mit den anderen Verfahren vergleichen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/learned.py" />
      <source>Before it sharpens the scene, {0} learns on it: on the pair made coarser, where MS itself is the truth. That is first tested one step coarser still, for as long again, and only done where it lowers the error; the log tells by how much. It needs the package torch in the plugin's Python environment; without it the network is used as it is.</source>
      <translation>Bevor {0} die Szene schärft, lernt es an ihr: am vergröberten Paar, bei dem MS selbst die Wahrheit ist. Das wird zuerst noch eine Stufe gröber ebenso lange geprüft und nur getan, wenn es den Fehler senkt; das Protokoll sagt, um wie viel. Dazu gehört das Paket torch in der Python-Umgebung der Erweiterung; ohne es wird das Netz verwendet, wie es ist.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/learned.py" />
      <source>Runs all methods on scattered windows of the scene at reduced resolution, where MS itself is the truth. It takes seconds; the log shows the scores.</source>
      <translation>Führt alle Verfahren an verstreuten Ausschnitten der Szene bei verringerter Auflösung aus, wo MS selbst die Wahrheit ist. Das dauert Sekunden; das Protokoll zeigt die Werte.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/learned.py" />
      <source>The network was adapted</source>
      <translation>Das Netz wurde angepasst</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/learned.py" />
      <source>it is not there</source>
      <translation>es ist nicht da</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/learned.py" />
      <source>{} cannot use the model '{}': {}. It can use: {}.</source>
      <translation>{} kann das Modell '{}' nicht verwenden: {}. Verwenden kann es: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Manage models</source>
      <translation>Modelle verwalten</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Lists, checks, imports, edits or deletes models.</source>
      <translation>Listet, prüft, importiert, bearbeitet oder löscht Modelle.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>model,import,delete,card,licence,safetensors,network</source>
      <translation>modell,importieren,löschen,karte,lizenz,safetensors,netz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Action</source>
      <translation>Aktion</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>'list' changes nothing; 'check' looks whether a file is a model that can be used; 'import' copies it to your own models; 'card' edits the card of one of your own; 'delete' removes one of your own, for good.</source>
      <translation>'list' ändert nichts; 'check' sieht nach, ob eine Datei ein brauchbares Modell ist; 'import' kopiert es zu den eigenen Modellen; 'card' bearbeitet die Karte eines eigenen; 'delete' entfernt ein eigenes endgültig.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Model file</source>
      <translation>Modelldatei</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>A .safetensors file with its ONNX graphs beside it; to check, import, edit.</source>
      <translation>Eine .safetensors-Datei, daneben ihre ONNX-Graphen; zum Prüfen, Importieren, Bearbeiten.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Which model to delete; or the name that an imported or edited one gets.</source>
      <translation>Welches Modell gelöscht wird; oder der Name, den ein importiertes oder bearbeitetes bekommt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Licence</source>
      <translation>Lizenz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>For the card; left as it is where none is given.</source>
      <translation>Für die Karte; ohne Angabe bleibt sie, wie sie ist.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Notes</source>
      <translation>Anmerkungen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>For the card; left as they are where none are given.</source>
      <translation>Für die Karte; ohne Angabe bleiben sie, wie sie sind.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Give the name of the model to delete.</source>
      <translation>Bitte den Namen des Modells angeben, das gelöscht werden soll.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>none was given</source>
      <translation>keines wurde angegeben</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>{} is whole and can be used.</source>
      <translation>{} ist vollständig und brauchbar.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>The model is imported: {}</source>
      <translation>Das Modell ist importiert: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>The card is written: {}</source>
      <translation>Die Karte ist geschrieben: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>any number of bands</source>
      <translation>beliebig viele Kanäle</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Training</source>
      <translation>Training</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpen.py" />
      <source>A creation option is NAME=VALUE, not '{}'.</source>
      <translation>Eine Erzeugungsoption ist NAME=WERT, nicht '{}'.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpen.py" />
      <source>Sharpened by {}.</source>
      <translation>Geschärft mit {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpen.py" />
      <source>It was asked for.</source>
      <translation>Es wurde verlangt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpen.py" />
      <source>The methods could not be compared on this scene; see the log.</source>
      <translation>Die Verfahren konnten an dieser Szene nicht verglichen werden; siehe Protokoll.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpen.py" />
      <source>{} was to be used, but cannot be; see the log.</source>
      <translation>{} sollte verwendet werden, kann es aber nicht; siehe Protokoll.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpen.py" />
      <source>It had the least error in the comparison on this scene.</source>
      <translation>Es hatte im Vergleich an dieser Szene den kleinsten Fehler.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpen.py" />
      <source>In the comparison on this scene the error of {} was {:.1f} % lower, too little to prefer it.</source>
      <translation>Im Vergleich an dieser Szene war der Fehler von {} um {:.1f} % kleiner, zu wenig, um es vorzuziehen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Panchromatic (PAN)</source>
      <translation>Panchromatisch (PAN)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>The finer, single-band image. The result lies exactly on its pixel grid.</source>
      <translation>Das feinere Bild mit einem Kanal. Das Ergebnis liegt genau auf seinem Pixelraster.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Band of PAN</source>
      <translation>Kanal von PAN</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Which band is panchromatic; needed only where PAN has several.</source>
      <translation>Welcher Kanal panchromatisch ist; nur nötig, wenn PAN mehrere hat.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Multispectral (MS)</source>
      <translation>Multispektral (MS)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>The coarser image with the colours; it must overlap PAN.</source>
      <translation>Das gröbere Bild mit den Farben; es muss PAN überlappen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Bands of MS (none chosen: all)</source>
      <translation>Kanäle von MS (keiner gewählt: alle)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Bands to work on, in the order of the result. None chosen: all but alpha.</source>
      <translation>Kanäle, die bearbeitet werden, in der Reihenfolge des Ergebnisses. Keiner gewählt: alle außer Alpha.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Align MS to PAN first</source>
      <translation>MS zuerst an PAN ausrichten</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Measures how far MS lies from PAN, to a fraction of a pixel, and takes that out; the log says how far it was. Where it is not ticked, a shift of more than one PAN pixel is warned of. 'Align multispectral to PAN' measures without sharpening; to assess an aligned result, give the MS that it writes: on the original it would look displaced.</source>
      <translation>Misst auf Bruchteile eines Pixels, wie weit MS neben PAN liegt, und nimmt das heraus; das Protokoll sagt, wie weit es war. Ist es nicht angekreuzt, wird vor einem Versatz von mehr als einem PAN-Pixel gewarnt. 'Multispektralbild an PAN ausrichten' misst, ohne zu schärfen; um ein ausgerichtetes Ergebnis zu beurteilen, das MS angeben, das es schreibt: am ursprünglichen sähe es versetzt aus.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>'auto' takes the default model of the plugin; 'custom' takes a model file from anywhere. The window Models of the KSDiff menu tells of each, and imports others.</source>
      <translation>'auto' nimmt das Standardmodell der Erweiterung; 'custom' nimmt eine Modelldatei von irgendwo. Das Fenster Modelle im Menü KSDiff sagt von jedem mehr und importiert andere.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Not offered here: {}.</source>
      <translation>Hier nicht angeboten: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Model file (for the model 'custom')</source>
      <translation>Modelldatei (für das Modell 'custom')</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Weights with their card: a .safetensors file, with its ONNX graphs beside it.</source>
      <translation>Gewichte mit ihrer Karte: eine .safetensors-Datei, daneben ihre ONNX-Graphen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Device</source>
      <translation>Gerät</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>'auto' takes a CUDA graphics card where there is one; the log says what was used.</source>
      <translation>'auto' nimmt eine CUDA-Grafikkarte, wo es eine gibt; das Protokoll sagt, was verwendet wurde.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Seconds to adapt to the scene (0: none)</source>
      <translation>Sekunden Anpassung an die Szene (0: keine)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>For how many seconds at most the network learns on the scene; 0: it does not.</source>
      <translation>Wie viele Sekunden das Netz höchstens an der Szene lernt; 0: gar nicht.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Tile size (PAN pixels)</source>
      <translation>Kachelgröße (PAN-Pixel)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Smaller tiles need less memory. The result does not depend on it.</source>
      <translation>Kleinere Kacheln brauchen weniger Speicher. Das Ergebnis hängt nicht davon ab.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Seed</source>
      <translation>Startwert</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>The same seed gives the same result; where the network is adapted to the scene, if the time for that was enough.</source>
      <translation>Derselbe Startwert ergibt dasselbe Ergebnis; wo das Netz an die Szene angepasst wird, wenn die Zeit dafür gereicht hat.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Sensor</source>
      <translation>Sensor</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Whose blur (MTF) to reckon with. 'auto' reads it from the files' metadata and names, and takes 'generic' where they do not tell; the log says which it was.</source>
      <translation>Mit wessen Unschärfe (MTF) gerechnet wird. 'auto' liest ihn aus den Metadaten und Namen der Dateien und nimmt 'generic', wo sie nichts sagen; das Protokoll sagt, welcher es war.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>No data value</source>
      <translation>Leerwert</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Only where the files do not tell theirs.</source>
      <translation>Nur wenn die Dateien ihren nicht angeben.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Creation options</source>
      <translation>Erzeugungsoptionen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Extent</source>
      <translation>Ausdehnung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Sharpen only this part. It grows to whole PAN pixels.</source>
      <translation>Nur diesen Teil schärfen. Er wird auf ganze PAN-Pixel erweitert.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Output data type</source>
      <translation>Datentyp der Ausgabe</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>'input' keeps the type of MS. Values are rounded and clipped, never wrapped.</source>
      <translation>'input' behält den Typ von MS. Werte werden gerundet und begrenzt, sie laufen nie über.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>GDAL creation options as NAME=VALUE, separated by |; they win over the defaults.</source>
      <translation>GDAL-Erzeugungsoptionen als NAME=WERT, getrennt durch |; sie gehen den Vorgaben vor.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Cloud optimized GeoTIFF</source>
      <translation>Cloud Optimized GeoTIFF</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Writes overviews and the layout for reading over a network.</source>
      <translation>Schreibt Übersichten und die Anordnung zum Lesen über ein Netzwerk.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>A GeoTIFF on PAN's grid with the bands of MS.</source>
      <translation>Ein GeoTIFF auf dem Raster von PAN mit den Kanälen von MS.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Report of the comparison</source>
      <translation>Bericht des Vergleichs</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>An HTML page: which methods were compared on this scene, on how many pixels, and what each scored. Asking for it asks for the comparison.</source>
      <translation>Eine HTML-Seite: welche Verfahren an dieser Szene verglichen wurden, an wie vielen Pixeln, und welche Werte jedes erreichte. Wer ihn verlangt, verlangt den Vergleich.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>In commands and scripts give the word, e.g. --{}={}, not a number.</source>
      <translation>In Befehlen und Skripten das Wort angeben, z. B. --{}={}, keine Zahl.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Assess pansharpening quality</source>
      <translation>Güte des Pansharpenings beurteilen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Quality indices of a sharpened image, with a reference or without, and a report.</source>
      <translation>Gütemaße eines geschärften Bilds, mit Referenz oder ohne, und ein Bericht.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Assessed: {}.</source>
      <translation>Beurteilt: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Scores</source>
      <translation>Werte</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Consistency: degraded back to MS, against MS</source>
      <translation>Übereinstimmung: auf MS zurück vergröbert, gegen MS</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>It lies {:.2f} rows and {:.2f} columns from {} (in PAN pixels).</source>
      <translation>Es liegt {:.2f} Zeilen und {:.2f} Spalten von {} entfernt (in PAN-Pixeln).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Sharpened image</source>
      <translation>Geschärftes Bild</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>The image to assess: on PAN's pixel grid, with the bands of MS in the same order.</source>
      <translation>Das zu beurteilende Bild: auf dem Pixelraster von PAN, mit den Kanälen von MS in derselben Reihenfolge.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Reference</source>
      <translation>Referenz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>The truth, on the same pixel grid; 'Simulate reduced resolution' makes one. Without it, the indices that need none are computed.</source>
      <translation>Die Wahrheit, auf demselben Pixelraster; 'Verringerte Auflösung simulieren' macht eine. Ohne sie werden die Maße berechnet, die keine brauchen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Compare the methods on this scene</source>
      <translation>Die Verfahren an dieser Szene vergleichen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Tells what KSDiff, SRINO and the classical methods reach on the scene made coarser, where MS itself is the truth, whatever the image was made by. The log and the report show the scores. It takes a minute or more without a graphics card.</source>
      <translation>Sagt, was KSDiff, SRINO und die klassischen Verfahren an der vergröberten Szene erreichen, wo MS selbst die Wahrheit ist, gleich womit das Bild gemacht wurde. Protokoll und Bericht zeigen die Werte. Ohne Grafikkarte dauert es eine Minute oder länger.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>A GeoTIFF of the spectral angle at each pixel, in degrees.</source>
      <translation>Ein GeoTIFF des Spektralwinkels an jedem Pixel, in Grad.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>A GeoTIFF of Q2n, one value per block.</source>
      <translation>Ein GeoTIFF von Q2n, ein Wert je Block.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>A GeoTIFF of the error of each band, in digital numbers.</source>
      <translation>Ein GeoTIFF des Fehlers jedes Kanals, in Grauwerten.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>An HTML page with all scores, maps and pictures, for a browser or QGIS' results.</source>
      <translation>Eine HTML-Seite mit allen Werten, Karten und Bildern, für einen Browser oder die Ergebnisanzeige von QGIS.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Quality report</source>
      <translation>Gütebericht</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>pansharpen,quality,assess,sam,ergas,q2n,q4,q8,scc,psnr,ssim,qnr,hqnr,report</source>
      <translation>pansharpen,güte,qualität,beurteilen,sam,ergas,q2n,q4,q8,scc,psnr,ssim,qnr,hqnr,bericht</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Check runtime</source>
      <translation>Laufzeitumgebung prüfen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Checks, installs, tests or removes the Python environment of KSDiff.</source>
      <translation>Prüft, installiert, testet oder entfernt die Python-Umgebung von KSDiff.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>environment,install,python,pytorch,onnxruntime,gpu,cuda,repair</source>
      <translation>umgebung,installieren,python,pytorch,onnxruntime,gpu,cuda,reparieren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>'check' changes nothing; 'install' installs an environment; 'repair' installs the existing one again; 'remove' deletes it; 'selftest' sharpens a tiny pair on each device.</source>
      <translation>'check' ändert nichts; 'install' installiert eine Umgebung; 'repair' installiert die vorhandene neu; 'remove' löscht sie; 'selftest' schärft ein winziges Paar auf jedem Gerät.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Size</source>
      <translation>Größe</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>'light' sharpens; 'full' also adapts to the scene and trains; 'gpu' is full for an NVIDIA GPU. The log tells the size of the download before it starts. Only for 'install': 'repair' keeps the installed size.</source>
      <translation>'light' schärft; 'full' passt auch an die Szene an und trainiert; 'gpu' ist full für eine NVIDIA-GPU. Das Protokoll nennt die Größe des Downloads, bevor er beginnt. Nur für 'install': 'repair' behält die installierte Größe.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Base Python</source>
      <translation>Python als Grundlage</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Python</source>
      <translation>Python</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Interpreter to create the environment from; searched for if empty.</source>
      <translation>Interpreter, aus dem die Umgebung erstellt wird; ohne Angabe wird einer gesucht.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Folder of wheels</source>
      <translation>Ordner mit Wheels</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Install from these files, without a network; see the help.</source>
      <translation>Aus diesen Dateien installieren, ohne Netz; siehe Hilfe.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Cancelled; nothing was changed.</source>
      <translation>Abgebrochen; nichts wurde geändert.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Ready: {} ({}), Python {}, onnxruntime {}, PyTorch {}. Providers: {}.</source>
      <translation>Bereit: {} ({}), Python {}, onnxruntime {}, PyTorch {}. Ausführung: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>missing: no adapting, no training</source>
      <translation>fehlt: kein Anpassen, kein Training</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>The self-test failed. {}</source>
      <translation>Der Selbsttest ist gescheitert. {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Runs do not use this environment, but {} ({}).</source>
      <translation>Gerechnet wird nicht mit dieser Umgebung, sondern mit {} ({}).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>This size is installed already; it is tested.</source>
      <translation>Diese Größe ist bereits installiert; sie wird geprüft.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>PyTorch is missing.</source>
      <translation>PyTorch fehlt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>It works. The action 'repair' installs it again nevertheless.</source>
      <translation>Sie funktioniert. Die Aktion 'repair' installiert sie trotzdem neu.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>It does not work, and is installed again. {}</source>
      <translation>Sie funktioniert nicht und wird neu installiert. {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Removed: {}.</source>
      <translation>Entfernt: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>There was nothing to remove.</source>
      <translation>Es gab nichts zu entfernen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>The self-test passed: a tiny pair was sharpened on: {}. PyTorch: {}.</source>
      <translation>Der Selbsttest ist bestanden: ein winziges Paar wurde geschärft auf: {}. PyTorch: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>missing</source>
      <translation>fehlt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Runtime</source>
      <translation>Laufzeitumgebung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>Simulate reduced resolution</source>
      <translation>Verringerte Auflösung simulieren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>A coarser pair and its reference, by Wald's protocol.</source>
      <translation>Ein gröberes Paar und seine Referenz, nach dem Protokoll von Wald.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>pansharpen,wald,protocol,reduced resolution,degrade,mtf,reference</source>
      <translation>pansharpen,wald,protokoll,verringerte auflösung,vergröbern,mtf,referenz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>Ratio of the reduction</source>
      <translation>Verhältnis der Vergröberung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>Pixel grid</source>
      <translation>Pixelraster</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>PAN with the pixels of MS, a GeoTIFF.</source>
      <translation>PAN mit den Pixeln von MS, ein GeoTIFF.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>MS coarser by the ratio, a GeoTIFF.</source>
      <translation>MS um das Verhältnis vergröbert, ein GeoTIFF.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>MS itself, on the grid of the reduced PAN: the truth.</source>
      <translation>MS selbst, auf dem Raster des vergröberten PAN: die Wahrheit.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>A whole number. None: the pair's own ratio, rounded.</source>
      <translation>Eine ganze Zahl. Keine: das eigene Verhältnis des Paars, gerundet.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>'product': pixels share their outer corners, as in products that are sold. 'benchmark': the grid that published comparisons are made on.</source>
      <translation>'product': Pixel haben gemeinsame äußere Ecken, wie in gekauften Produkten. 'benchmark': das Raster, auf dem veröffentlichte Vergleiche beruhen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>reduced</source>
      <translation>vergröbert</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>reference</source>
      <translation>Referenz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/sources.py" />
      <source>The layer '{}' comes from '{}' and is not a raster file.</source>
      <translation>Der Layer '{}' kommt von '{}' und ist keine Rasterdatei.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/sources.py" />
      <source>Save it as a GeoTIFF first (layer menu &gt; Export &gt; Save As).</source>
      <translation>Zuerst als GeoTIFF speichern (Menü des Layers &gt; Export &gt; Speichern als).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/sources.py" />
      <source>The layer '{}' lives in the memory of QGIS only.</source>
      <translation>Den Layer '{}' gibt es nur im Speicher von QGIS.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/sources.py" />
      <source>The layer '{}' needs credentials kept in QGIS.</source>
      <translation>Der Layer '{}' braucht Zugangsdaten, die in QGIS liegen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>Sharpens a multispectral image by diffusion, and shows where that is unsure.</source>
      <translation>Schärft ein Multispektralbild durch Diffusion und zeigt, wo das unsicher ist.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>pansharpen,pan-sharpening,fusion,multispectral,satellite,deep learning,diffusion,neural operator,uncertainty,spread</source>
      <translation>pansharpen,pan-sharpening,schärfen,fusion,multispektral,satellit,deep learning,diffusion,neuronaler operator,unsicherheit,streuung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>Steps (0: as many as the model wants)</source>
      <translation>Schritte (0: so viele, wie das Modell will)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>In how many steps the image is made of noise. The time grows with them. Few give the best estimate, many one of the samples that are possible.</source>
      <translation>In wie vielen Schritten das Bild aus Rauschen entsteht. Die Zeit wächst mit ihnen. Wenige geben die beste Schätzung, viele eine der möglichen Stichproben.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>Seeds of the spread</source>
      <translation>Startwerte der Streuung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>Where SRINO is unsure: a GeoTIFF of how far its results from several seeds lie apart, as the standard deviation at each pixel, mean over the bands, in digital numbers. It takes many times as long as the image alone.</source>
      <translation>Wo SRINO unsicher ist: ein GeoTIFF dessen, wie weit seine Ergebnisse mit mehreren Startwerten auseinander liegen, als Standardabweichung an jedem Pixel, Mittel über die Kanäle, in Grauwerten. Das dauert ein Vielfaches des Bilds allein.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>From how many seeds the spread is taken, if it is asked for; from 2 on.</source>
      <translation>Aus wie vielen Startwerten die Streuung berechnet wird, wenn sie verlangt ist; ab 2.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>Spread over seeds</source>
      <translation>Streuung über Startwerte</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>Standard deviation over {} seeds, mean over the bands, in digital numbers.</source>
      <translation>Standardabweichung über {} Startwerte, Mittel über die Kanäle, in Grauwerten.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>SRINO pansharpening</source>
      <translation>SRINO-Pansharpening</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Train for a sensor</source>
      <translation>Für einen Sensor trainieren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>A model of KSDiff or SRINO for your sensor, from a training set.</source>
      <translation>Ein Modell von KSDiff oder SRINO für Ihren Sensor, aus einem Trainingssatz.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>training,fine-tuning,model,sensor,network,pansharpening,resume</source>
      <translation>training,feinabstimmung,modell,sensor,netz,pansharpening,fortsetzen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>The training set is no file named {}: {}. 'Prepare training set' makes one.</source>
      <translation>Der Trainingssatz ist keine Datei namens {}: {}. 'Trainingssatz vorbereiten' macht einen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>it is not there any more</source>
      <translation>es ist nicht mehr da</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Training of {} cannot begin with the model '{}': {}. It can with: {}.</source>
      <translation>Das Training von {} kann nicht mit dem Modell '{}' beginnen: {}. Es kann mit: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Run folder: {}</source>
      <translation>Ordner des Laufs: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>A training was stopped there; it goes on.</source>
      <translation>Dort wurde ein Training angehalten; es geht weiter.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>The training was stopped or failed; its dialog tells.</source>
      <translation>Das Training wurde angehalten oder ist gescheitert; sein Dialog sagt es.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Stopped. The same run folder goes on from there: {} (where a step takes longer than half a minute, from a minute before).</source>
      <translation>Angehalten. Mit demselben Ordner geht es dort weiter: {} (wo ein Schritt länger als eine halbe Minute dauert, eine Minute davor).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>The model '{}' is ready. {}</source>
      <translation>Das Modell '{}' ist fertig. {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>It has no scores.</source>
      <translation>Es hat keine Werte.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Training set</source>
      <translation>Trainingssatz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Training sets</source>
      <translation>Trainingssätze</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>What 'Prepare training set' wrote.</source>
      <translation>Was 'Trainingssatz vorbereiten' geschrieben hat.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Name of the model</source>
      <translation>Name des Modells</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>A new one: letters without accents, digits, - and _. Lists and files get it.</source>
      <translation>Ein neuer: Buchstaben ohne Akzente, Ziffern, - und _. Listen und Dateien bekommen ihn.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>What the model is for.</source>
      <translation>Wofür das Modell ist.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Begin with</source>
      <translation>Beginnen mit</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>'auto' is the default model of the plugin, which then learns your sensor (fine-tuning); 'scratch' knows nothing and needs a long training; or another model of the same method.</source>
      <translation>'auto' ist das Standardmodell der Erweiterung, das dann Ihren Sensor lernt (Feinabstimmung); 'scratch' weiß nichts und braucht ein langes Training; oder ein anderes Modell desselben Verfahrens.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Length</source>
      <translation>Länge</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Steps of both stages: {}. A step takes one to two seconds on two CPU cores; the progress tells the time left.</source>
      <translation>Schritte beider Stufen: {}. Ein Schritt dauert auf zwei CPU-Kernen ein bis zwei Sekunden; der Fortschritt sagt, wie lange es noch dauert.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Steps of stage 1</source>
      <translation>Schritte der Stufe 1</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Instead of the length's.</source>
      <translation>Statt der zur Länge gehörenden.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Steps of stage 2</source>
      <translation>Schritte der Stufe 2</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Windows per step</source>
      <translation>Ausschnitte je Schritt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Fewer need less memory and time, and learn less in a step.</source>
      <translation>Weniger brauchen weniger Speicher und Zeit und lernen je Schritt weniger.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Run folder</source>
      <translation>Ordner des Laufs</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>What is needed to go on. A training that was stopped goes on when it is run again with the same folder and settings. None given: one of the model's name. It must be empty or of an earlier training.</source>
      <translation>Was zum Fortsetzen nötig ist. Ein angehaltenes Training geht weiter, wenn es mit demselben Ordner und denselben Einstellungen noch einmal gestartet wird. Keiner angegeben: einer mit dem Namen des Modells. Er muss leer oder von einem früheren Training sein.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Licence of the model</source>
      <translation>Lizenz des Modells</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>For whom you pass it on to; images bind what is made of them.</source>
      <translation>Für die, an die Sie es weitergeben; Bilder binden, was aus ihnen gemacht wird.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Whatever shall be on the model's card.</source>
      <translation>Was sonst auf der Karte des Modells stehen soll.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Prepare training set</source>
      <translation>Trainingssatz vorbereiten</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Pairs of PAN and MS of a sensor, to one file that training reads.</source>
      <translation>Paare aus PAN und MS eines Sensors in eine Datei, die das Training liest.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>training,pansharpening,sensor,patches,model,fine-tuning,wald</source>
      <translation>training,pansharpening,sensor,ausschnitte,modell,feinabstimmung,wald</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Give PAN and MS layers, at least one of each, or a folder of pairs.</source>
      <translation>Bitte PAN- und MS-Layer angeben, je mindestens einen, oder einen Ordner mit Paaren.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>None of the MS layers fits one of the PAN layers: the two of a pair overlap, and PAN has one band and finer pixels.</source>
      <translation>Keiner der MS-Layer passt zu einem der PAN-Layer: die beiden eines Paars überlappen sich, und PAN hat einen Kanal und feinere Pixel.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>a training set</source>
      <translation>ein Trainingssatz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Left out: '{}' fits no other layer.</source>
      <translation>Ausgelassen: '{}' passt zu keinem anderen Layer.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>unknown</source>
      <translation>unbekannt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>{PAIRS} pairs with {BANDS} bands: {PATCHES} patches to train on, {HELD_OUT_PATCHES} held out to measure on; {MADE_UP} made-up scenes; {MB} MB. Sensors: {SENSORS}. Left out: {REFUSED}.</source>
      <translation>{PAIRS} Paare mit {BANDS} Kanälen: {PATCHES} Ausschnitte zum Trainieren, {HELD_OUT_PATCHES} zum Messen zurückgehalten; {MADE_UP} erfundene Szenen; {MB} MB. Sensoren: {SENSORS}. Ausgelassen: {REFUSED}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Write the bands of MS as numbers from 1, as in 1,2,3.</source>
      <translation>Die Kanäle von MS als Zahlen ab 1 schreiben, etwa 1,2,3.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Panchromatic (PAN) images</source>
      <translation>Panchromatische Bilder (PAN)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>The finer images, of one band each. More scenes of the sensor are better.</source>
      <translation>Die feineren Bilder, mit je einem Kanal. Mehr Szenen des Sensors sind besser.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Multispectral (MS) images</source>
      <translation>Multispektralbilder (MS)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>The images with the colours, in any order: each is paired with the PAN that it overlaps and whose name is most like its own.</source>
      <translation>Die Bilder mit den Farben, in beliebiger Reihenfolge: jedes kommt zu dem PAN, das es überlappt und dessen Name seinem am ähnlichsten ist.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Or a folder of pairs</source>
      <translation>Oder ein Ordner mit Paaren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>With pairs X_pan.tif and X_ms.tif, in folders below it, too.</source>
      <translation>Mit Paaren X_pan.tif und X_ms.tif, auch in Ordnern darunter.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Bands of MS, as in 1,2,3 (none: all)</source>
      <translation>Kanäle von MS, etwa 1,2,3 (keine: alle)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Of every MS: numbers from 1, in the order in which the model will see them.</source>
      <translation>Von jedem MS: Zahlen ab 1, in der Reihenfolge, in der das Modell sie sehen wird.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Share held out, to measure on</source>
      <translation>Zurückgehaltener Anteil, zum Messen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Ground that is not trained on: whole scenes where there are enough, else the end of every scene. The scores of the model come from there; with 0 it has none.</source>
      <translation>Gelände, an dem nicht trainiert wird: ganze Szenen, wo es genug gibt, sonst das Ende jeder Szene. Von dort kommen die Werte des Modells; mit 0 hat es keine.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Share of made-up scenes</source>
      <translation>Anteil erfundener Szenen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Of what is shown in training. With few scenes they keep the model from learning these by heart.</source>
      <translation>An dem, was im Training gezeigt wird. Bei wenigen Szenen verhindern sie, dass das Modell diese auswendig lernt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>One file with all pixels, and its recipe (.patches.json) beside it.</source>
      <translation>Eine Datei mit allen Pixeln, daneben ihr Rezept (.patches.json).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/worker.py" />
      <source>en</source>
      <translation>de</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/worker.py" />
      <source>Cancelled; nothing was written.</source>
      <translation>Abgebrochen; es wurde nichts geschrieben.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/worker.py" />
      <source>{} is a choice by word, and cannot be '{}'. It can be: {}.</source>
      <translation>{} wird durch ein Wort gewählt und kann nicht '{}' sein. Möglich ist: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/workflow.py" />
      <source>Align, sharpen and assess</source>
      <translation>Ausrichten, schärfen und beurteilen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/workflow.py" />
      <source>Aligns MS to PAN, sharpens it, and reports on the result, in one run.</source>
      <translation>Richtet MS an PAN aus, schärft es und berichtet über das Ergebnis, in einem Lauf.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/workflow.py" />
      <source>pansharpen,pan-sharpening,workflow,model,align,quality,report</source>
      <translation>pansharpen,pan-sharpening,arbeitsablauf,modell,ausrichten,güte,bericht</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/workflow.py" />
      <source>The model's file, to open in the model designer: {}</source>
      <translation>Die Datei des Modells, zum Öffnen in der Modellierung: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/workflow.py" />
      <source>Pansharpening</source>
      <translation>Pansharpening</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/announce.py" />
      <source>Open the report</source>
      <translation>Bericht öffnen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/announce.py" />
      <source>Before and after</source>
      <translation>Vorher und nachher</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/announce.py" />
      <source>One of the two layers is not in the project any more.</source>
      <translation>Einer der beiden Layer ist nicht mehr im Projekt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/announce.py" />
      <source>Open Runtime…</source>
      <translation>Laufzeitumgebung öffnen…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/compare.py" />
      <source>{}: before</source>
      <translation>{}: vorher</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>Curve of the training</source>
      <translation>Kurve des Trainings</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>step</source>
      <translation>Schritt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>The training is being started…</source>
      <translation>Das Training wird gestartet…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>State of the training</source>
      <translation>Stand des Trainings</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>Error on what was held out</source>
      <translation>Fehler am Zurückgehaltenen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>Solid: loss of stage 1. Dashed: loss of stage 2. Lower is better.</source>
      <translation>Durchgezogen: Verlust der Stufe 1. Gestrichelt: Verlust der Stufe 2. Kleiner ist besser.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>KSDiff: training of {}</source>
      <translation>KSDiff: Training von {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>Stage {} of 2, step {} of {}, loss {:.4f}</source>
      <translation>Stufe {} von 2, Schritt {} von {}, Verlust {:.4f}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>ERGAS on what was held out: {}</source>
      <translation>ERGAS am Zurückgehaltenen: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/dialogs.py" />
      <source>Several layers fit</source>
      <translation>Mehrere Layer passen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/help.py" />
      <source>KSDiff: help</source>
      <translation>KSDiff: Hilfe</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/help.py" />
      <source>&amp;Back</source>
      <translation>&amp;Zurück</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/help.py" />
      <source>&amp;Contents</source>
      <translation>&amp;Inhalt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/layermenu.py" />
      <source>Pansharpen with KSDiff…</source>
      <translation>Mit KSDiff schärfen…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/mainmenu.py" />
      <source>&amp;Pansharpen…</source>
      <translation>&amp;Schärfen…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/mainmenu.py" />
      <source>&amp;Train for a sensor…</source>
      <translation>Für einen Sensor &amp;trainieren…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/mainmenu.py" />
      <source>&amp;Models…</source>
      <translation>&amp;Modelle…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/mainmenu.py" />
      <source>&amp;Runtime…</source>
      <translation>&amp;Laufzeitumgebung…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/mainmenu.py" />
      <source>&amp;Help</source>
      <translation>&amp;Hilfe</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>KSDiff: models</source>
      <translation>KSDiff: Modelle</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Import a model</source>
      <translation>Ein Modell importieren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Delete the model '{}' and its files in {}? This cannot be undone.</source>
      <translation>Das Modell '{}' und seine Dateien in {} löschen? Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Delete a model</source>
      <translation>Ein Modell löschen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>It did not work; the log messages of QGIS tell more.</source>
      <translation>Es hat nicht geklappt; die Protokollmeldungen von QGIS sagen mehr.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Nothing was changed</source>
      <translation>Nichts wurde geändert</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Bands</source>
      <translation>Kanäle</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Fits</source>
      <translation>Passt zu</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Sensors</source>
      <translation>Sensoren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Where</source>
      <translation>Herkunft</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Card of the model</source>
      <translation>Karte des Modells</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>&amp;Import…</source>
      <translation>&amp;Importieren…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>&amp;Edit card…</source>
      <translation>Karte &amp;bearbeiten…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>&amp;Delete…</source>
      <translation>&amp;Löschen…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>&amp;Open folder</source>
      <translation>Ordner &amp;öffnen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>&amp;Licence</source>
      <translation>&amp;Lizenz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>&amp;Name</source>
      <translation>&amp;Name</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>N&amp;otes</source>
      <translation>&amp;Anmerkungen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>any</source>
      <translation>beliebig</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>as the plugin</source>
      <translation>wie die Erweiterung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>not usable: {}</source>
      <translation>nicht brauchbar: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>came with the plugin</source>
      <translation>kam mit der Erweiterung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>It cannot be used: {}.</source>
      <translation>Es ist nicht brauchbar: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Trained for ratios of the pixel sizes from {:g} to {:g}.</source>
      <translation>Trainiert für Verhältnisse der Pixelgrößen von {:g} bis {:g}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Its card has no scores.</source>
      <translation>Seine Karte hat keine Werte.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Scores on</source>
      <translation>Werte an</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/result.py" />
      <source>{}: results</source>
      <translation>{}: Ergebnisse</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>KSDiff: runtime</source>
      <translation>KSDiff: Laufzeitumgebung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>What to install</source>
      <translation>Was installiert wird</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>Log</source>
      <translation>Protokoll</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>&amp;Install</source>
      <translation>&amp;Installieren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>&amp;Test</source>
      <translation>&amp;Testen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>&amp;Remove…</source>
      <translation>&amp;Entfernen…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>Cop&amp;y log</source>
      <translation>Protokoll &amp;kopieren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>&amp;Cancel</source>
      <translation>&amp;Abbrechen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>Offline, or with another Python</source>
      <translation>Ohne Netz, oder mit einem anderen Python</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>Install from a folder of &amp;wheels:</source>
      <translation>Aus einem Ordner mit &amp;Wheels installieren:</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>&amp;Base Python of the environment:</source>
      <translation>&amp;Python als Grundlage der Umgebung:</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>&amp;Use my own Python instead:</source>
      <translation>Statt dessen mein ei&amp;genes Python verwenden:</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>Open the &amp;folder</source>
      <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>{} - download about {}, on the disk {}</source>
      <translation>{} - Download etwa {}, auf dem Datenträger {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>In use: {} ({}).</source>
      <translation>In Gebrauch: {} ({}).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>&amp;Repair</source>
      <translation>&amp;Reparieren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>Remove the environment in {}? It can be installed again.</source>
      <translation>Die Umgebung in {} entfernen? Sie kann wieder installiert werden.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>Done.</source>
      <translation>Fertig.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>The action failed.</source>
      <translation>Die Aktion ist fehlgeschlagen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/selection.py" />
      <source>'{}' and '{}' fit best; possible, too: {}. Please check the two inputs.</source>
      <translation>'{}' und '{}' passen am besten; möglich sind auch: {}. Bitte die beiden Eingaben prüfen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/selection.py" />
      <source>Only raster files can be sharpened, not {}: choose PAN and MS.</source>
      <translation>Nur Rasterdateien lassen sich schärfen, nicht {}: bitte PAN und MS wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/selection.py" />
      <source>No PAN and MS that belong together were found: choose both.</source>
      <translation>PAN und MS, die zusammengehören, wurden nicht gefunden: bitte beide wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/selection.py" />
      <source>No PAN in the project overlaps '{}' and is finer: choose one.</source>
      <translation>Kein PAN im Projekt überlappt '{}' und ist feiner: bitte eines wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/selection.py" />
      <source>No MS in the project overlaps '{}' and is coarser: choose one.</source>
      <translation>Kein MS im Projekt überlappt '{}' und ist gröber: bitte eines wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>it is a model for the method {}</source>
      <translation>es ist ein Modell für das Verfahren {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>The model '{}' cannot be used: {}.</source>
      <translation>Das Modell '{}' ist nicht brauchbar: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>The model '{}' is for {} bands, MS has {}. It fits: {}.</source>
      <translation>Das Modell '{}' ist für {} Kanäle, MS hat {}. Es passt: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>no model that is here</source>
      <translation>keines der vorhandenen Modelle</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>'{}' cannot be the name of a model: up to 64 letters without accents, digits, - and _, beginning with a letter or digit; {} have a meaning of their own, and names such as NUL or COM1 have one in Windows.</source>
      <translation>'{}' kann nicht der Name eines Modells sein: bis zu 64 Buchstaben ohne Akzente, Ziffern, - und _, am Anfang ein Buchstabe oder eine Ziffer; {} haben eine eigene Bedeutung, und Namen wie NUL oder COM1 haben unter Windows eine.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source> and </source>
      <translation> und </translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>The model '{}' came with the plugin: give another name.</source>
      <translation>Das Modell '{}' kam mit der Erweiterung: bitte einen anderen Namen angeben.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>There is a model '{}' already: give another name, or delete it.</source>
      <translation>Ein Modell '{}' gibt es schon: bitte einen anderen Namen angeben, oder es löschen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>There is no model '{}'.</source>
      <translation>Es gibt kein Modell '{}'.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>The model '{}' came with the plugin and stays.</source>
      <translation>Das Modell '{}' kam mit der Erweiterung und bleibt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>{} cannot be deleted: {}.</source>
      <translation>{} kann nicht gelöscht werden: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>it cannot be read ({})</source>
      <translation>es kann nicht gelesen werden ({})</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>it is damaged, or no model of KSDiff</source>
      <translation>es ist beschädigt, oder kein Modell von KSDiff</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>it has format {}, this plugin reads format {}</source>
      <translation>es hat Format {}, diese Erweiterung liest Format {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>its method {} is unknown to this plugin</source>
      <translation>sein Verfahren {} kennt diese Erweiterung nicht</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>its files were renamed, it was '{}'</source>
      <translation>seine Dateien wurden umbenannt, es war '{}'</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>{} is missing beside it</source>
      <translation>{} fehlt daneben</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/provider.py" />
      <source>KSDiff pansharpening</source>
      <translation>KSDiff-Pansharpening</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/provider.py" />
      <source>Worker's Python interpreter</source>
      <translation>Python-Interpreter für die Berechnung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/provider.py" />
      <source>Leave blank for the environment made by the plugin</source>
      <translation>Leer lassen für die Umgebung, die die Erweiterung macht</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>Or install offline: on a machine with a network, the same kind of system and the same version of Python run `{}` (the file is in the plugin's folder resources/locks), and choose that folder as wheels.</source>
      <translation>Oder installieren Sie ohne Netz: Führen Sie auf einem Rechner mit Netz, derselben Art von System und derselben Version von Python `{}` aus (die Datei ist im Ordner resources/locks der Erweiterung), und wählen Sie jenen Ordner als Ordner mit Wheels.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>A folder of wheels must contain every file of the size; create it with `{}` on the same kind of system and Python.</source>
      <translation>Ein Ordner mit Wheels muss jede Datei der Größe enthalten; erstellen Sie ihn mit `{}` auf derselben Art von System und Python.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>Choose a smaller tile (an advanced parameter) or a smaller extent, or close other programs.</source>
      <translation>Wählen Sie eine kleinere Kachel (ein erweiterter Parameter) oder eine kleinere Ausdehnung, oder schließen Sie andere Programme.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>The disk is full.</source>
      <translation>Der Datenträger ist voll.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>Free some space, or set the environment variable KSDIFF_QGIS_HOME to a folder on another disk, and install again. The incomplete installation was removed.</source>
      <translation>Schaffen Sie Platz, oder setzen Sie die Umgebungsvariable KSDIFF_QGIS_HOME auf einen Ordner auf einem anderen Datenträger, und installieren Sie erneut. Die unvollständige Installation wurde entfernt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>The proxy server cannot be used: {detail}.</source>
      <translation>Der Proxyserver kann nicht benutzt werden: {detail}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>Check address, user name and password of the proxy in Settings &gt; Options &gt; Network of QGIS, or the environment variables HTTP_PROXY and HTTPS_PROXY. pip needs an HTTP proxy, not SOCKS. {offline}</source>
      <translation>Prüfen Sie Adresse, Benutzernamen und Passwort des Proxys in QGIS unter Einstellungen &gt; Optionen &gt; Netzwerk oder die Umgebungsvariablen HTTP_PROXY und HTTPS_PROXY. pip braucht einen HTTP-Proxy, keinen SOCKS-Proxy. {offline}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>The certificate of the package index is not trusted: a company's proxy or a virus scanner intercepts the encrypted connection.</source>
      <translation>Dem Zertifikat des Paketindex wird nicht vertraut: Der Proxy einer Firma oder ein Virenscanner fängt die verschlüsselte Verbindung ab.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>Ask your administrator for the root certificate as a .pem file and name it with `pip config set global.cert FILE` or the environment variable PIP_CERT. {offline}</source>
      <translation>Bitten Sie Ihre Systemverwaltung um das Stammzertifikat als .pem-Datei, und nennen Sie es mit `pip config set global.cert FILE` oder in der Umgebungsvariablen PIP_CERT. {offline}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>The hash of a downloaded package is wrong.</source>
      <translation>Die Prüfsumme eines heruntergeladenen Pakets ist falsch.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>Install again; the download may be incomplete. If it happens again, a mirror or a proxy changes packages: use another index. {offline}</source>
      <translation>Installieren Sie erneut; der Download kann unvollständig sein. Geschieht es wieder, verändert ein Spiegel oder ein Proxy die Pakete: Verwenden Sie einen anderen Index. {offline}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>A library of the Python environment cannot be loaded: {detail}.</source>
      <translation>Eine Bibliothek der Python-Umgebung kann nicht geladen werden: {detail}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>On Windows, install the current Microsoft Visual C++ Redistributable (x64), and restart Windows. If a policy (application control) blocks it, or the disk of {home} is mounted noexec, ask your administrator for a folder from which programs may run, set the environment variable KSDIFF_QGIS_HOME to it, and install again.</source>
      <translation>Installieren Sie unter Windows das aktuelle Microsoft Visual C++ Redistributable (x64), und starten Sie Windows neu. Wenn eine Richtlinie (Anwendungssteuerung) sie sperrt oder der Datenträger von {home} mit noexec eingehängt ist, bitten Sie Ihre Systemverwaltung um einen Ordner, aus dem Programme laufen dürfen, setzen Sie die Umgebungsvariable KSDIFF_QGIS_HOME darauf, und installieren Sie erneut.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>This Python cannot create environments: its module venv or ensurepip fails.</source>
      <translation>Dieses Python kann keine Umgebungen erstellen: Sein Modul venv oder ensurepip schlägt fehl.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>On Debian and Ubuntu: sudo apt install python3-venv. Elsewhere choose another Python as base.</source>
      <translation>Unter Debian und Ubuntu: sudo apt install python3-venv. Sonst wählen Sie ein anderes Python als Grundlage.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>A file or folder is not writable: {detail}.</source>
      <translation>Eine Datei oder ein Ordner ist nicht beschreibbar: {detail}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>Change its permissions, or set the environment variable KSDIFF_QGIS_HOME to another folder. On Windows, close other QGIS windows, exclude the folder {home} from the virus scanner, and try again.</source>
      <translation>Ändern Sie die Berechtigungen, oder setzen Sie die Umgebungsvariable KSDIFF_QGIS_HOME auf einen anderen Ordner. Schließen Sie unter Windows andere Fenster von QGIS, nehmen Sie den Ordner {home} vom Virenscanner aus, und versuchen Sie es erneut.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>The package index refuses or lacks a file: {detail}.</source>
      <translation>Der Paketindex verweigert eine Datei oder hat sie nicht: {detail}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>Check the address, the user name and the password of the index that pip or uv is configured for, or ask its administrator to provide the package. {offline}</source>
      <translation>Prüfen Sie Adresse, Benutzernamen und Passwort des Index, auf den pip oder uv eingestellt ist, oder bitten Sie dessen Verwaltung, das Paket bereitzustellen. {offline}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>The connection to the package index failed.</source>
      <translation>Die Verbindung zum Paketindex ist gescheitert.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>Check the connection and the proxy in Settings &gt; Options &gt; Network of QGIS, and install again. {offline}</source>
      <translation>Prüfen Sie die Verbindung und den Proxy in QGIS unter Einstellungen &gt; Optionen &gt; Netzwerk, und installieren Sie erneut. {offline}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>No package was found for this system and Python: {detail}.</source>
      <translation>Für dieses System und Python wurde kein Paket gefunden: {detail}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>{wheels} Otherwise try again later, choose Python 3.12 as base, or the size light.</source>
      <translation>{wheels} Sonst versuchen Sie es später erneut, oder wählen Sie Python 3.12 als Grundlage oder die Größe light.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>KSDiff ran out of memory.</source>
      <translation>KSDiff ging der Arbeitsspeicher aus.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>Close other programs and try again.</source>
      <translation>Schließen Sie andere Programme, und versuchen Sie es erneut.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>Free some space, or write the output to another disk.</source>
      <translation>Schaffen Sie Platz, oder schreiben Sie die Ausgabe auf einen anderen Datenträger.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>The Python of KSDiff cannot be started: {} ({})</source>
      <translation>Das Python von KSDiff kann nicht gestartet werden: {} ({})</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>KSDiff failed without a reason.</source>
      <translation>KSDiff ist ohne Angabe eines Grundes gescheitert.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>The system stopped KSDiff, most likely for lack of memory.</source>
      <translation>Das System hat KSDiff beendet, wahrscheinlich aus Mangel an Arbeitsspeicher.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>This Python does not work with KSDiff: {} ({}).</source>
      <translation>Dieses Python funktioniert nicht mit KSDiff: {} ({}).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>KSDiff ended without a result ({}).</source>
      <translation>KSDiff endete ohne Ergebnis ({}).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>If it happens again: {}</source>
      <translation>Wenn es wieder geschieht: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>The versions of the plugin and of its worker do not match: update the plugin, and restart QGIS. Or repair the environment; in a checkout, `make env` does it. {}</source>
      <translation>Die Versionen der Erweiterung und ihres Workers passen nicht zusammen: Aktualisieren Sie die Erweiterung, und starten Sie QGIS neu. Oder reparieren Sie die Umgebung; in einem Checkout mit `make env`. {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>it did not exit</source>
      <translation>er endete nicht</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>it crashed: {}</source>
      <translation>er stürzte ab: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>exit code {}</source>
      <translation>Exit-Code {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>signal {}</source>
      <translation>Signal {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>Last output:</source>
      <translation>Letzte Ausgabe:</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>The Python environment of KSDiff is not installed.</source>
      <translation>Die Python-Umgebung von KSDiff ist nicht installiert.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>The Python environment of KSDiff is being installed or removed.</source>
      <translation>Die Python-Umgebung von KSDiff wird gerade installiert oder entfernt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>The Python environment of KSDiff was not installed completely.</source>
      <translation>Die Python-Umgebung von KSDiff wurde nicht vollständig installiert.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>The Python environment of KSDiff was installed by another version of the plugin.</source>
      <translation>Die Python-Umgebung von KSDiff wurde von einer anderen Version der Erweiterung installiert.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>The Python that KSDiff's environment was created from is missing or has changed.</source>
      <translation>Das Python, aus dem die Umgebung von KSDiff erstellt wurde, fehlt oder hat sich geändert.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>The Python environment of KSDiff is ready ({}).</source>
      <translation>Die Python-Umgebung von KSDiff ist bereit ({}).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>Wait until it has finished, and try again.</source>
      <translation>Warten Sie, bis es beendet ist, und versuchen Sie es erneut.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>Create it again: `make env`.</source>
      <translation>Erstellen Sie sie neu: `make env`.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>Correct or clear {}; then the plugin's own environment is used.</source>
      <translation>Berichtigen oder leeren Sie {}; dann wird die eigene Umgebung der Erweiterung verwendet.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>It has to be installed first. {}</source>
      <translation>Sie muss erst installiert werden. {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>the environment variable {}</source>
      <translation>die Umgebungsvariable {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>the setting in Options &gt; Processing &gt; Providers &gt; KSDiff</source>
      <translation>die Einstellung in Optionen &gt; Verarbeitung &gt; Datenanbieter &gt; KSDiff</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>The environment {} is in use by a run of KSDiff.</source>
      <translation>Die Umgebung {} wird von einem Lauf von KSDiff verwendet.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>Wait until the run has finished, or cancel it, and try again.</source>
      <translation>Warten Sie, bis der Lauf beendet ist, oder brechen Sie ihn ab, und versuchen Sie es erneut.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>The environment cannot be removed: {} ({}).</source>
      <translation>Die Umgebung kann nicht entfernt werden: {} ({}).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>A file may be in use: wait for running KSDiff algorithms, close other QGIS windows, and try again.</source>
      <translation>Vielleicht ist eine Datei in Gebrauch: Warten Sie auf laufende KSDiff-Algorithmen, schließen Sie andere Fenster von QGIS, und versuchen Sie es erneut.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>The folder {} is not writable: {}.</source>
      <translation>Der Ordner {} ist nicht beschreibbar: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/environments.py" />
      <source>Change its permissions, or set the environment variable {} to another folder.</source>
      <translation>Ändern Sie die Berechtigungen, oder setzen Sie die Umgebungsvariable {} auf einen anderen Ordner.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/errors.py" />
      <source>Cancelled.</source>
      <translation>Abgebrochen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/errors.py" />
      <source>Open the plugin's Runtime dialog (menu Raster &gt; KSDiff &gt; Runtime) or run `qgis_process run ksdiff:runtime {}`.</source>
      <translation>Öffnen Sie das Fenster der Laufzeitumgebung (Menü Raster &gt; KSDiff &gt; Laufzeitumgebung), oder führen Sie `qgis_process run ksdiff:runtime {}` aus.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/install_plan.py" />
      <source>from the package index</source>
      <translation>aus dem Paketindex</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/install_plan.py" />
      <source>from the folder {}</source>
      <translation>aus dem Ordner {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/install_plan.py" />
      <source>About {} {}, {} on the disk ({} are free), into {}, with Python {} ({}).</source>
      <translation>Etwa {} {}, {} auf der Platte ({} sind frei), nach {}, mit Python {} ({}).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/install_plan.py" />
      <source>{:.1f} GB</source>
      <translation>{:.1f} GB</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/install_plan.py" />
      <source>{} MB</source>
      <translation>{} MB</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/install_plan.py" />
      <source>There are no wheels (files *.whl) in {}.</source>
      <translation>In {} sind keine Wheels (Dateien *.whl).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/install_plan.py" />
      <source>Download them, on the same kind of system and Python, with `{}` (the file is in {}).</source>
      <translation>Laden Sie sie auf derselben Art von System und Python mit `{}` herunter (die Datei ist in {}).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/install_plan.py" />
      <source>The packages for a GPU need Python {} or newer; {} is older.</source>
      <translation>Die Pakete für eine GPU brauchen Python {} oder neuer; {} ist älter.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/install_plan.py" />
      <source>Choose another Python as base.</source>
      <translation>Wählen Sie ein anderes Python als Grundlage.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/install_plan.py" />
      <source>The path of the folder {} is too long: Windows could not open the packages in it.</source>
      <translation>Der Pfad des Ordners {} ist zu lang: Windows könnte die Pakete darin nicht öffnen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/install_plan.py" />
      <source>Set the environment variable {} to a short folder, such as C:\ksdiff, or enable long paths in Windows (LongPathsEnabled).</source>
      <translation>Setzen Sie die Umgebungsvariable {} auf einen kurzen Ordner, etwa C:\ksdiff, oder aktivieren Sie in Windows lange Pfade (LongPathsEnabled).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>Removing the previous environment</source>
      <translation>Die bisherige Umgebung wird entfernt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>The environment cannot be created: {}.</source>
      <translation>Die Umgebung kann nicht erstellt werden: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>Log: {}</source>
      <translation>Protokoll: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>Creating the environment</source>
      <translation>Die Umgebung wird erstellt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>Downloading the packages</source>
      <translation>Die Pakete werden heruntergeladen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>Self-test</source>
      <translation>Selbsttest</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>There is not enough disk space: about {:.0f} MB are needed in {} during the installation, {:.0f} MB are free.</source>
      <translation>Der Datenträger hat zu wenig Platz: Etwa {:.0f} MB werden während der Installation in {} gebraucht, {:.0f} MB sind frei.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>Free some space, choose the size light, or set the environment variable {} to a folder on another disk.</source>
      <translation>Schaffen Sie Platz, wählen Sie die Größe light, oder setzen Sie die Umgebungsvariable {} auf einen Ordner auf einem anderen Datenträger.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>The environment could not be created (exit code {}).</source>
      <translation>Die Umgebung konnte nicht erstellt werden (Exit-Code {}).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>Looking for the CPU build of PyTorch</source>
      <translation>PyTorch für die CPU wird gesucht</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>The packages could not be installed (exit code {}).</source>
      <translation>Die Pakete konnten nicht installiert werden (Rückgabewert {}).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>{} Trying again.</source>
      <translation>{} Es wird noch einmal versucht.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>{} cannot be started: {}.</source>
      <translation>{} kann nicht gestartet werden: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>Please report it.</source>
      <translation>Bitte melden Sie das.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>Install the current NVIDIA driver and try again, or choose the size full, which runs on the CPU.</source>
      <translation>Installieren Sie den aktuellen NVIDIA-Treiber und versuchen Sie es noch einmal, oder wählen Sie die Größe full, die auf der CPU läuft.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>Unpacking, which can take some minutes</source>
      <translation>Auspacken, was einige Minuten dauern kann</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/installer.py" />
      <source>The log contains the complete output.</source>
      <translation>Das Protokoll enthält die vollständige Ausgabe.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>Install Python 3.12 (from python.org on Windows and macOS, by the package manager on Linux), and try again, or choose another interpreter as base.</source>
      <translation>Installieren Sie Python 3.12 (unter Windows und macOS von python.org, unter Linux mit der Paketverwaltung), und versuchen Sie es erneut, oder wählen Sie einen anderen Interpreter als Grundlage.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>the environment made by the plugin</source>
      <translation>die von der Erweiterung gemachte Umgebung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>the project's own environment</source>
      <translation>die Umgebung des Projekts</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>{} names a Python that does not exist: {}</source>
      <translation>{} nennt ein Python, das es nicht gibt: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>{} names a folder instead of a Python interpreter: {}</source>
      <translation>{} nennt einen Ordner statt eines Python-Interpreters: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>KSDiff runs in its own Python environment. {} Or create one yourself (Python 3.10 or newer), with `python3 -m venv ksdiff` and `ksdiff/bin/pip install {}`, and enter its interpreter in Settings &gt; Options &gt; Processing &gt; Providers &gt; KSDiff, or in the environment variable {}. In a checkout of the project, `make env` creates one.</source>
      <translation>KSDiff läuft in einer eigenen Python-Umgebung. {} Oder erstellen Sie selbst eine (Python 3.10 oder neuer), mit `python3 -m venv ksdiff` und `ksdiff/bin/pip install {}`, und tragen Sie ihren Interpreter unter Einstellungen &gt; Optionen &gt; Verarbeitung &gt; Datenanbieter &gt; KSDiff oder in der Umgebungsvariablen {} ein. In einem Checkout des Projekts erstellt `make env` eine.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>It does not start as Python 3.</source>
      <translation>Es startet nicht als Python 3.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>No suitable Python was found to create the environment from.</source>
      <translation>Es wurde kein geeignetes Python gefunden, aus dem die Umgebung erstellt werden kann.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>On Debian and Ubuntu: sudo apt install python3-venv.</source>
      <translation>Unter Debian und Ubuntu: sudo apt install python3-venv.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>Python {} is not a 64-bit CPython, which the packages need.</source>
      <translation>Python {} ist kein 64-Bit-CPython, das die Pakete brauchen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>It is Python {}; KSDiff needs {}.{} to {}.{}.</source>
      <translation>Es ist Python {}; KSDiff braucht {}.{} bis {}.{}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>This is macOS {}; the packages need macOS {} or newer.</source>
      <translation>Dies ist macOS {}; die Pakete brauchen macOS {} oder neuer.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>not glibc</source>
      <translation>nicht glibc</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>The C library of this system ({}) is not supported; glibc {} is needed.</source>
      <translation>Die C-Bibliothek dieses Systems ({}) wird nicht unterstützt; gebraucht wird glibc {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>In an environment created from Python {}, modules do not work ({}).</source>
      <translation>In einer aus Python {} erstellten Umgebung funktionieren Module nicht ({}).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>Python {} lacks the module venv or ensurepip (package python3-venv).</source>
      <translation>Python {} fehlt das Modul venv oder ensurepip (Paket python3-venv).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>The worker exited with code {}.</source>
      <translation>Der Worker endete mit Code {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>Stopping; the results so far are saved first.</source>
      <translation>Wird angehalten; die bisherigen Ergebnisse werden erst gespeichert.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>The program that was started is not KSDiff's worker.</source>
      <translation>Das gestartete Programm ist nicht der Worker von KSDiff.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>The worker has version {} of the protocol, the plugin version {}.</source>
      <translation>Der Worker hat Version {} des Protokolls, die Erweiterung Version {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>KSDiff {} with Python {}, onnxruntime {}.</source>
      <translation>KSDiff {} mit Python {}, onnxruntime {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>KSDiff's worker did not answer for {:.0f} s and was ended.</source>
      <translation>Der Worker von KSDiff antwortete {:.0f} s lang nicht und wurde beendet.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>KSDiff's worker did not start within {:.0f} s.</source>
      <translation>Der Worker von KSDiff startete nicht innerhalb von {:.0f} s.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>{}, {} left</source>
      <translation>{}, noch {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>about {:.0f} s</source>
      <translation>etwa {:.0f} s</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>about {:.0f} min</source>
      <translation>etwa {:.0f} min</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>about {:.1f} h</source>
      <translation>etwa {:.1f} h</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>no result</source>
      <translation>kein Ergebnis</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>cpu: not tested</source>
      <translation>cpu: nicht geprüft</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>A raster that was written is not read back the same.</source>
      <translation>Ein geschriebenes Raster wird nicht unverändert zurückgelesen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>onnxruntime does not list CUDA.</source>
      <translation>onnxruntime führt CUDA nicht auf.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/process.py" />
      <source>PyTorch does not find CUDA.</source>
      <translation>PyTorch findet CUDA nicht.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/remedies.py" />
      <source>Install the size full: Raster &gt; KSDiff &gt; Runtime, or qgis_process run ksdiff:runtime --ACTION=install --SIZE=full</source>
      <translation>Installieren Sie die Größe full: Raster &gt; KSDiff &gt; Laufzeitumgebung oder qgis_process run ksdiff:runtime --ACTION=install --SIZE=full</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/remedies.py" />
      <source>Repair the environment: Raster &gt; KSDiff &gt; Runtime. If you named this Python yourself, reinstall its packages, or clear that setting.</source>
      <translation>Reparieren Sie die Umgebung: Raster &gt; KSDiff &gt; Laufzeitumgebung. Haben Sie dieses Python selbst angegeben, installieren Sie seine Pakete neu, oder leeren Sie diese Einstellung.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/remedies.py" />
      <source>Set the device to auto or cpu, or install the size gpu: Raster &gt; KSDiff &gt; Runtime. In a Python of your own, install onnxruntime-gpu.</source>
      <translation>Setzen Sie das Gerät auf auto oder cpu, oder installieren Sie die Größe gpu: Raster &gt; KSDiff &gt; Laufzeitumgebung. In einem eigenen Python installieren Sie onnxruntime-gpu.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/remedies.py" />
      <source>Repair the environment: Raster &gt; KSDiff &gt; Runtime. If you named this Python yourself ({python}), install into it: {packages}; or clear that setting.</source>
      <translation>Reparieren Sie die Umgebung: Raster &gt; KSDiff &gt; Laufzeitumgebung. Haben Sie dieses Python selbst angegeben ({python}), installieren Sie darin: {packages}; oder leeren Sie diese Einstellung.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/remedies.py" />
      <source>Leave the output empty, and use the parameter ALIGN of a pansharpening algorithm.</source>
      <translation>Lassen Sie die Ausgabe leer, und verwenden Sie den Parameter ALIGN eines Pansharpening-Algorithmus.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/remedies.py" />
      <source>Remove its layer from the project, or choose another name.</source>
      <translation>Entfernen Sie den Layer aus dem Projekt, oder wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/remedies.py" />
      <source>Choose an empty or a new run folder (RUN).</source>
      <translation>Wählen Sie einen leeren oder einen neuen Ordner des Laufs (RUN).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/remedies.py" />
      <source>Wait until it has finished, or choose another run folder (RUN).</source>
      <translation>Warten Sie, bis er beendet ist, oder wählen Sie einen anderen Ordner des Laufs (RUN).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/remedies.py" />
      <source>Use the settings it was started with, or choose another run folder (RUN); delete that folder to start again.</source>
      <translation>Verwenden Sie die Einstellungen, mit denen er begonnen wurde, oder wählen Sie einen anderen Ordner des Laufs (RUN); löschen Sie jenen Ordner, um neu zu beginnen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>Light: sharpening</source>
      <translation>Klein (light): schärfen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>Full: sharpening, adapting to the scene, and training (recommended)</source>
      <translation>Voll (full): schärfen, an die Szene anpassen und trainieren (empfohlen)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>Full, for the NVIDIA GPU of this machine</source>
      <translation>Voll (gpu), für die NVIDIA-GPU dieses Rechners</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>{}: the NVIDIA driver {} is too old. Install {} or newer.</source>
      <translation>{}: Der NVIDIA-Treiber {} ist zu alt. Installieren Sie {} oder neuer.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>{} is too old: compute capability {}, needed is {}.</source>
      <translation>{} ist zu alt: Compute Capability {}, nötig ist {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>On Linux the package index has PyTorch with CUDA only. If pip is configured for the CPU builds of PyTorch (known for Python 3.11), the download is about {} MB, and {} MB on the disk.</source>
      <translation>Unter Linux hat der Paketindex PyTorch nur mit CUDA. Ist pip auf PyTorch für die CPU eingestellt (bekannt für Python 3.11), sind es etwa {} MB Download und {} MB auf dem Datenträger.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>On Windows, sharpening runs on the GPU; adapting and training on the CPU.</source>
      <translation>Unter Windows läuft das Schärfen auf der GPU, Anpassen und Training auf der CPU.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>There are no packages for {}, so nothing can be installed.</source>
      <translation>Für {} gibt es keine Pakete, also kann nichts installiert werden.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>Use your own Python that has the packages: enter it in Settings &gt; Options &gt; Processing &gt; Providers &gt; KSDiff, or in the environment variable KSDIFF_PYTHON.</source>
      <translation>Verwenden Sie ein eigenes Python, das die Pakete hat: Tragen Sie es unter Einstellungen &gt; Optionen &gt; Verarbeitung &gt; Datenanbieter &gt; KSDiff oder in der Umgebungsvariablen KSDIFF_PYTHON ein.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>There are no packages of the size {} for {}.</source>
      <translation>Pakete der Größe {} gibt es für {} nicht.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>Choose another size, or use your own Python.</source>
      <translation>Wählen Sie eine andere Größe, oder verwenden Sie ein eigenes Python.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>No NVIDIA GPU with a suitable driver was found.</source>
      <translation>Es wurde keine NVIDIA-GPU mit geeignetem Treiber gefunden.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>Install the current NVIDIA driver, or choose the size full.</source>
      <translation>Installieren Sie den aktuellen NVIDIA-Treiber, oder wählen Sie die Größe full.</translation>
    </message>
  </context>
</TS>
