<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>KSDiff</name>
    <message>
      <location filename="../../core/benchmark/datasets.py" />
      <source>no full resolution, because the PAN of these scenes is already on the grid of MS.</source>
      <translation>keine volle Auflösung, weil PAN dieser Szenen schon auf dem Gitter von MS liegt.</translation>
    </message>
    <message>
      <location filename="../../core/benchmark/tables.py" />
      <source>reduced resolution</source>
      <translation>verringerte Auflösung</translation>
    </message>
    <message>
      <location filename="../../core/benchmark/tables.py" />
      <source>reduced resolution, PAN under an MTF</source>
      <translation>verringerte Auflösung, PAN mit MTF</translation>
    </message>
    <message>
      <location filename="../../core/benchmark/tables.py" />
      <source>full resolution</source>
      <translation>volle Auflösung</translation>
    </message>
    <message>
      <location filename="../../core/commands/align.py" />
      <source>PAN and MS have too little detail in common to measure the shift between them: one of them may show only water, clouds or haze, or another place, or the shift is more than the few tens of PAN pixels that can be measured.</source>
      <translation>PAN und MS haben zu wenig Detail gemeinsam, um den Versatz zu messen: Eines zeigt vielleicht nur Wasser, Wolken oder Dunst oder einen anderen Ort, oder der Versatz ist größer als die wenigen Dutzend PAN-Pixel, die messbar sind.</translation>
    </message>
    <message>
      <location filename="../../core/commands/align.py" />
      <source>The output is a copy of MS that was not moved.</source>
      <translation>Die Ausgabe ist eine Kopie von MS, die nicht verschoben wurde.</translation>
    </message>
    <message>
      <location filename="../../core/commands/align.py" />
      <source>With that shift the phases of their common detail match by {} of 1, without it by {}.</source>
      <translation>Mit dieser Verschiebung passen die Phasen der gemeinsamen Details zu {} von 1, ohne sie zu {}.</translation>
    </message>
    <message>
      <location filename="../../core/commands/align.py" />
      <source>The MS lies {}.</source>
      <translation>MS liegt {}.</translation>
    </message>
    <message>
      <location filename="../../core/commands/align.py" />
      <source>{} is the MS with the shift taken out: its pixels are the same, its grid was moved on the map. Sharpening reads it there at the exact phase.</source>
      <translation>{} ist MS ohne die Verschiebung: Die Pixel sind dieselben, ihr Gitter wurde auf der Karte bewegt. Beim Schärfen wird es dort mit der genauen Phase gelesen.</translation>
    </message>
    <message>
      <location filename="../../core/commands/bench.py" />
      <source>{} {} left out: {}</source>
      <translation>{} {} ausgelassen: {}</translation>
    </message>
    <message>
      <location filename="../../core/commands/bench.py" />
      <source>{} left out of {}: {}</source>
      <translation>{} ausgelassen in {}: {}</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder.py" />
      <source>Its result would replace that of another pair.</source>
      <translation>Sein Ergebnis würde das eines anderen Paars ersetzen.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_files.py" />
      <source>They do not fit as PAN and MS.</source>
      <translation>Sie passen nicht als PAN und MS zueinander.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_files.py" />
      <source>PAN and MS are swapped: the pixels of MS are the smaller ones.</source>
      <translation>PAN und MS sind vertauscht: die Pixel von MS sind die kleineren.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_files.py" />
      <source>PAN does not have smaller pixels than MS.</source>
      <translation>PAN hat keine kleineren Pixel als MS.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_files.py" />
      <source>PAN and MS show different ground.</source>
      <translation>PAN und MS zeigen verschiedenes Gelände.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_files.py" />
      <source>Their extents match, their names do not.</source>
      <translation>Ihre Ausdehnungen passen zusammen, ihre Namen nicht.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_files.py" />
      <source>Their names match; their positions are not known.</source>
      <translation>Ihre Namen passen zusammen; ihre Lage ist nicht bekannt.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_files.py" />
      <source>PAN is of {}, MS of {}.</source>
      <translation>PAN ist vom {}, MS vom {}.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_files.py" />
      <source>It could also form a pair with {}.</source>
      <translation>Es könnte auch mit {} ein Paar bilden.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_files.py" />
      <source>No MS was found for it.</source>
      <translation>Kein MS dafür gefunden.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_files.py" />
      <source>{} cannot be opened ({}).</source>
      <translation>{} lässt sich nicht öffnen ({}).</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_files.py" />
      <source>They share {} of the ground.</source>
      <translation>Sie haben {} des Geländes gemeinsam.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_files.py" />
      <source>No PAN was found for it.</source>
      <translation>Kein PAN dafür gefunden.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_pairs.py" />
      <source>No PAN was found for its bands; without one, fine bands can stand for it.</source>
      <translation>Kein PAN für diese Kanäle gefunden; ohne eines können feine Kanäle dafür stehen.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_pairs.py" />
      <source>Of {} {} there are {} PAN and {} MS images.</source>
      <translation>Von {} {} gibt es {} PAN- und {} MS-Bilder.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_table.py" />
      <source>The table names no {}.</source>
      <translation>Die Tabelle nennt kein {}.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_table.py" />
      <source>{} does not exist.</source>
      <translation>{} gibt es nicht.</translation>
    </message>
    <message>
      <location filename="../../core/commands/folder_table.py" />
      <source>One of the two is a result of this program.</source>
      <translation>Eines der beiden ist ein Ergebnis dieses Programms.</translation>
    </message>
    <message>
      <location filename="../../core/fusion/comparison.py" />
      <source>1 window of it</source>
      <translation>in einem Ausschnitt</translation>
    </message>
    <message>
      <location filename="../../core/fusion/comparison.py" />
      <source>1 method was</source>
      <translation>1 Verfahren wurde</translation>
    </message>
    <message>
      <location filename="../../core/fusion/comparison.py" />
      <source>{} compared on this scene at reduced resolution (ratio {}), where its own MS is the reference: {} MS pixels, {}. The method with the lowest expected error is used: the error in the test, corrected by what other scenes show of such tests.</source>
      <translation>{} an dieser Szene bei verringerter Auflösung verglichen (Verhältnis {}), wo ihr eigenes MS die Referenz ist: {} MS-Pixel, {}. Verwendet wird das Verfahren mit dem kleinsten erwarteten Fehler: dem des Tests, berichtigt um das, was andere Szenen von solchen Tests zeigen.</translation>
    </message>
    <message>
      <location filename="../../core/fusion/comparison.py" />
      <source>{} windows scattered over it</source>
      <translation>in {} darüber verteilten Ausschnitten</translation>
    </message>
    <message>
      <location filename="../../core/fusion/comparison.py" />
      <source>all of it</source>
      <translation>alle</translation>
    </message>
    <message>
      <location filename="../../core/fusion/comparison.py" />
      <source>{} methods were</source>
      <translation>{} Verfahren wurden</translation>
    </message>
    <message>
      <location filename="../../core/fusion/comparison.py" />
      <source>Adapting {} to the scene is not expected to lower its error (in the test {} unadapted).</source>
      <translation>{} auf die Szene abzustimmen dürfte seinen Fehler nicht verringern (im Test {} ohne Abstimmung).</translation>
    </message>
    <message>
      <location filename="../../core/fusion/comparison.py" />
      <source>Adapting {} to the scene is expected to lower its error by {} % (in the test {} unadapted).</source>
      <translation>{} auf die Szene abzustimmen dürfte seinen Fehler um {} % verringern (im Test {} ohne Abstimmung).</translation>
    </message>
    <message>
      <location filename="../../core/fusion/comparison.py" />
      <source>{} is not adapted to the scene: the test gives it so low an error ({} unadapted) that it has learnt what holds at the resolution of the test alone. The network is used as it was trained.</source>
      <translation>{} wird nicht auf die Szene abgestimmt: Der Test gibt ihm einen so kleinen Fehler ({} ohne Abstimmung), dass es gelernt hat, was nur bei der Auflösung des Tests gilt. Das Netz wird verwendet, wie es trainiert wurde.</translation>
    </message>
    <message>
      <location filename="../../core/fusion/method_selection.py" />
      <source>The network is not adapted to the scene: {}</source>
      <translation>Das Netz wird nicht auf die Szene abgestimmt: {}</translation>
    </message>
    <message>
      <location filename="../../core/fusion/method_selection.py" />
      <source>lowest expected error on this scene</source>
      <translation>kleinster erwarteter Fehler an dieser Szene</translation>
    </message>
    <message>
      <location filename="../../core/fusion/method_selection.py" />
      <source>The network is adapted to the scene; whether that helps was not tested.</source>
      <translation>Das Netz wird auf die Szene abgestimmt; ob das hilft, wurde nicht getestet.</translation>
    </message>
    <message>
      <location filename="../../core/fusion/method_selection.py" />
      <source>whether that helps cannot be tested on it.</source>
      <translation>ob das hilft, lässt sich an ihr nicht testen.</translation>
    </message>
    <message>
      <location filename="../../core/fusion/method_selection.py" />
      <source>On this scene {} had an error {} % lower than {}.</source>
      <translation>An dieser Szene hatte {} einen um {} % geringeren Fehler als {}.</translation>
    </message>
    <message>
      <location filename="../../core/fusion/method_selection.py" />
      <source>as chosen</source>
      <translation>so gewählt</translation>
    </message>
    <message>
      <location filename="../../core/fusion/method_selection.py" />
      <source>the methods could not be compared on this scene</source>
      <translation>die Verfahren ließen sich an dieser Szene nicht vergleichen</translation>
    </message>
    <message>
      <location filename="../../core/fusion/method_selection.py" />
      <source>{} was selected, but could not be used</source>
      <translation>{} war das beste, ließ sich aber nicht verwenden</translation>
    </message>
    <message>
      <location filename="../../core/methods/registry.py" />
      <source>Adapted {}</source>
      <translation>{}, feinabgestimmt</translation>
    </message>
    <message>
      <location filename="../../core/methods/registry.py" />
      <source>Interpolation</source>
      <translation>Interpolation</translation>
    </message>
    <message>
      <location filename="../../core/quality/assessment.py" />
      <source>Spectral angle: how far the hues are off, whatever the brightness.</source>
      <translation>Spektraler Winkel: wie weit die Farbtöne daneben liegen, gleich wie hell.</translation>
    </message>
    <message>
      <location filename="../../core/quality/assessment.py" />
      <source>Relative error of all bands, brightness and detail alike.</source>
      <translation>Relativer Fehler aller Kanäle, von Helligkeit und Detail zugleich.</translation>
    </message>
    <message>
      <location filename="../../core/quality/assessment.py" />
      <source>Agreement of all bands at once in mean, contrast and structure.</source>
      <translation>Übereinstimmung aller Kanäle zugleich in Mittel, Kontrast und Struktur.</translation>
    </message>
    <message>
      <location filename="../../core/quality/assessment.py" />
      <source>Agreement of edges and fine detail.</source>
      <translation>Übereinstimmung von Kanten und feinem Detail.</translation>
    </message>
    <message>
      <location filename="../../core/quality/assessment.py" />
      <source>high</source>
      <translation>hoch</translation>
    </message>
    <message>
      <location filename="../../core/quality/assessment.py" />
      <source>Error against the largest value; 6 dB more is half of it.</source>
      <translation>Fehler gemessen am größten Wert; 6 dB mehr sind die Hälfte davon.</translation>
    </message>
    <message>
      <location filename="../../core/quality/assessment.py" />
      <source>Agreement of local brightness, contrast and structure.</source>
      <translation>Übereinstimmung von örtlicher Helligkeit, Kontrast und Struktur.</translation>
    </message>
    <message>
      <location filename="../../core/quality/assessment.py" />
      <source>Whether the bands relate to each other as they do in the MS.</source>
      <translation>Ob die Kanäle sich zueinander verhalten wie in MS.</translation>
    </message>
    <message>
      <location filename="../../core/quality/assessment.py" />
      <source>Colours: whether the image, blurred, gives the MS back.</source>
      <translation>Farben: ob das Bild, unscharf gemacht, wieder MS ergibt.</translation>
    </message>
    <message>
      <location filename="../../core/quality/assessment.py" />
      <source>Detail: whether bands relate to the PAN as at the MS' resolution.</source>
      <translation>Detail: ob die Kanäle sich zu PAN verhalten wie bei der Auflösung von MS.</translation>
    </message>
    <message>
      <location filename="../../core/quality/assessment.py" />
      <source>D_lambda and D_s in one number.</source>
      <translation>D_lambda und D_s in einer Zahl.</translation>
    </message>
    <message>
      <location filename="../../core/quality/assessment.py" />
      <source>D_lambda_K and D_s in one number.</source>
      <translation>D_lambda_K und D_s in einer Zahl.</translation>
    </message>
    <message>
      <location filename="../../core/quality/overviews.py" />
      <source>Largest error</source>
      <translation>Größter Fehler</translation>
    </message>
    <message>
      <location filename="../../core/quality/overviews.py" />
      <source>Most detail</source>
      <translation>Meiste Details</translation>
    </message>
    <message>
      <location filename="../../core/quality/overviews.py" />
      <source>Median detail</source>
      <translation>Mittlere Details</translation>
    </message>
    <message>
      <location filename="../../core/registration/shift_estimate.py" />
      <source>differs from place to place, as over relief or where clouds and their shadows moved</source>
      <translation>ist von Ort zu Ort verschieden, wie über Relief oder wo Wolken und ihre Schatten gewandert sind</translation>
    </message>
    <message>
      <location filename="../../core/registration/shift_estimate.py" />
      <source>changes evenly across the scene, as by a tilt or a wrong pixel size</source>
      <translation>ändert sich gleichmäßig über die Szene, wie durch eine Neigung oder eine falsche Pixelgröße</translation>
    </message>
    <message>
      <location filename="../../core/registration/shift_estimate.py" />
      <source>The shift {}: a tenth of the blocks lies more than {} PAN pixels from it. One shift cannot mend that; warp MS to PAN with control points.</source>
      <translation>Der Versatz {}: Ein Zehntel der Blöcke liegt mehr als {} PAN-Pixel daneben. Ein einziger Versatz behebt das nicht; transformieren Sie MS mit Passpunkten auf PAN.</translation>
    </message>
    <message>
      <location filename="../../core/registration/shift_estimate.py" />
      <source>{} rows further down and {} columns further right than the PAN (PAN pixels)</source>
      <translation>{} Zeilen tiefer und {} Spalten weiter rechts als PAN (PAN-Pixel)</translation>
    </message>
    <message>
      <location filename="../../core/registration/shift_estimate.py" />
      <source>{} rows further down and {} columns further left than the PAN (PAN pixels)</source>
      <translation>{} Zeilen tiefer und {} Spalten weiter links als PAN (PAN-Pixel)</translation>
    </message>
    <message>
      <location filename="../../core/registration/shift_estimate.py" />
      <source>{} rows further up and {} columns further right than the PAN (PAN pixels)</source>
      <translation>{} Zeilen höher und {} Spalten weiter rechts als PAN (PAN-Pixel)</translation>
    </message>
    <message>
      <location filename="../../core/registration/shift_estimate.py" />
      <source>{} rows further up and {} columns further left than the PAN (PAN pixels)</source>
      <translation>{} Zeilen höher und {} Spalten weiter links als PAN (PAN-Pixel)</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>vegetation</source>
      <translation>Vegetation</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>open water</source>
      <translation>offenes Wasser</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>chlorophyll</source>
      <translation>Chlorophyll</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>water in leaves; its negative is NDBI, built-up land</source>
      <translation>Wasser in Blättern; das Negative ist NDBI, bebautes Land</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>Normalised differences of the fused image, degraded to the MS' pixels, against those of the MS. They are made of the values as they are, without calibration: only their difference counts here. Pixels where the sum of both bands is near zero are left out.</source>
      <translation>Normierte Differenzen des geschärften Bildes, auf die Pixel von MS vergröbert, gegen die von MS. Sie sind aus den Werten gemacht, wie sie sind, ohne Kalibrierung: Hier zählt nur ihr Unterschied. Pixel, an denen die Summe beider Kanäle nahe null ist, sind ausgelassen.</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>Indices of two bands</source>
      <translation>Indizes aus zwei Kanälen</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>Negative, clipped and missing values</source>
      <translation>Negative, abgeschnittene und fehlende Werte</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>Of the pixels with data in PAN and MS, {}&amp;nbsp;% have none in the fused image.</source>
      <translation>Von den Pixeln mit Daten in PAN und MS haben {}&amp;nbsp;% keine im geschärften Bild.</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>No value is negative, or at an end of the file's type.</source>
      <translation>Kein Wert ist negativ oder an einem Ende des Datentyps der Datei.</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>Bias (DN)</source>
      <translation>Abweichung (DN)</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>Bias (%)</source>
      <translation>Abweichung (%)</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>Band</source>
      <translation>Kanal</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>MS pixels</source>
      <translation>MS-Pixel</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>Mean MS</source>
      <translation>Mittel MS</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>Bias</source>
      <translation>Abweichung</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>Index</source>
      <translation>Index</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>Negative (%)</source>
      <translation>Negativ (%)</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>Lowest of type (%)</source>
      <translation>Kleinster des Typs (%)</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>Highest of type (%)</source>
      <translation>Größter des Typs (%)</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>Shares of each band's values that are below zero, or at an end of what the file's integers can hold.</source>
      <translation>Anteile der Werte jedes Kanals, die unter null sind oder an einem Ende dessen, was die ganzen Zahlen der Datei fassen.</translation>
    </message>
    <message>
      <location filename="../../core/report/against_ms.py" />
      <source>Scatter of {}</source>
      <translation>Streudiagramm von {}</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>The shift between PAN and MS cannot be measured.</source>
      <translation>Die Verschiebung zwischen PAN und MS lässt sich nicht messen.</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>Alignment of {}</source>
      <translation>Ausrichtung von {}</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>Row</source>
      <translation>Zeile</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>Column</source>
      <translation>Spalte</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>Shift, rows</source>
      <translation>Verschiebung, Zeilen</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>columns</source>
      <translation>Spalten</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>Residual, rows</source>
      <translation>Rest, Zeilen</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>Match</source>
      <translation>Passung</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>{}: the longest arrow is {} PAN pixels</source>
      <translation>{}: Der längste Pfeil ist {} PAN-Pixel</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>Match with the shift</source>
      <translation>Passung mit der Verschiebung</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>Match without it</source>
      <translation>Passung ohne sie</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>Blocks with a clear shift</source>
      <translation>Blöcke mit klarer Verschiebung</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>{} of {}</source>
      <translation>{} von {}</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>Nine of ten blocks lie within</source>
      <translation>Neun von zehn Blöcken liegen innerhalb</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>{} PAN pixels of the shift</source>
      <translation>{} PAN-Pixel um die Verschiebung</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>Shift of each block</source>
      <translation>Verschiebung jedes Blocks</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>Residual shift of each block</source>
      <translation>Rest der Verschiebung je Block</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>Before</source>
      <translation>Vorher</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>After</source>
      <translation>Nachher</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>No block has a measurable shift.</source>
      <translation>In keinem Block ist eine Verschiebung messbar.</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>There is nothing to compare.</source>
      <translation>Es gibt nichts zu vergleichen.</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>{} PAN pixels</source>
      <translation>{} PAN-Pixel</translation>
    </message>
    <message>
      <location filename="../../core/report/alignment.py" />
      <source>ratio {}</source>
      <translation>Verhältnis {}</translation>
    </message>
    <message>
      <location filename="../../core/report/charts.py" />
      <source>fused</source>
      <translation>geschärft</translation>
    </message>
    <message>
      <location filename="../../core/report/charts.py" />
      <source>no data</source>
      <translation>keine Daten</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>Error</source>
      <translation>Fehler</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>Expected</source>
      <translation>Erwartet</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>Reprojected</source>
      <translation>Vergröbert</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>{} pixels of the MS were compared.</source>
      <translation>{} Pixel von MS wurden verglichen.</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>{} is the best method on this scene.</source>
      <translation>{} ist das beste Verfahren an dieser Szene.</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>{} is used; {} had an error {} % lower.</source>
      <translation>Verwendet wird {}; {} hatte einen um {} % geringeren Fehler.</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>{} is used; {} had an error {} % lower in the test, but is expected to have a higher one on the scene.</source>
      <translation>Verwendet wird {}; {} hatte im Test einen um {} % geringeren Fehler, hat aber an der Szene wohl einen größeren.</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>{} pixels of the MS were compared, in {} windows scattered over the scene.</source>
      <translation>{} Pixel von MS wurden verglichen, in {} über die Szene verteilten Ausschnitten.</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>ERGAS: shorter is better</source>
      <translation>ERGAS: kürzer ist besser</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>SAM (degrees): shorter is better</source>
      <translation>SAM (Grad): kürzer ist besser</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>{} of each method</source>
      <translation>{} jedes Verfahrens</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>{} is used; {} had a lower error.</source>
      <translation>Verwendet wird {}; {} hatte einen geringeren Fehler.</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>{} is used; {} had a lower error in the test, but is expected to have a higher one on the scene.</source>
      <translation>Verwendet wird {}; {} hatte im Test einen geringeren Fehler, hat aber an der Szene wohl einen größeren.</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>The adapted {} was trained on these pixels: half of its gain counts.</source>
      <translation>Das feinabgestimmte {} wurde an diesen Pixeln trainiert: Die Hälfte seines Gewinns zählt.</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>Seconds</source>
      <translation>Sekunden</translation>
    </message>
    <message>
      <location filename="../../core/report/comparison.py" />
      <source>Not tried:</source>
      <translation>Nicht versucht:</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>No part of the image has data to be shown.</source>
      <translation>Kein Teil des Bildes hat Daten, die sich zeigen lassen.</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>Checkerboard of PAN and fused image</source>
      <translation>Schachbrett aus PAN und geschärftem Bild</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>{} PAN pixels from row {}, column {}</source>
      <translation>{} PAN-Pixel ab Zeile {}, Spalte {}</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>Spectral angle against the MS: where hues changed. Dark is good.</source>
      <translation>Spektraler Winkel gegen MS: wo Farbtöne sich änderten. Dunkel ist gut.</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>Q2n against the MS in blocks of 32 pixels. Bright is good.</source>
      <translation>Q2n gegen MS in Blöcken von 32 Pixeln. Hell ist gut.</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>The fused image less the MS: blue where it is too dark, orange where too bright; white is right.</source>
      <translation>Das geschärfte Bild weniger MS: blau, wo es zu dunkel, orange, wo es zu hell ist; weiß ist richtig.</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>Correlation of each fused band (row), degraded to the MS' pixels, with each band of the MS (column). In a good image the highest number of each row is on the diagonal, in bold.</source>
      <translation>Korrelation jedes geschärften Kanals (Zeile), auf die Pixel von MS vergröbert, mit jedem Kanal von MS (Spalte). In einem guten Bild steht die höchste Zahl jeder Zeile auf der Diagonalen, fett.</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>Spectral angle against the reference: where hues changed. Dark is good.</source>
      <translation>Spektraler Winkel gegen die Referenz: wo Farbtöne sich änderten. Dunkel ist gut.</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>Q2n against the reference in blocks of 32 pixels. Bright is good.</source>
      <translation>Q2n gegen die Referenz in Blöcken von 32 Pixeln. Hell ist gut.</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>Nothing here could be computed.</source>
      <translation>Hier ließ sich nichts berechnen.</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>colours from {} to {}</source>
      <translation>Farben von {} bis {}</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>The fused image less the reference: blue where it is too dark, orange where too bright; white is right.</source>
      <translation>Das geschärfte Bild weniger die Referenz: blau, wo es zu dunkel, orange, wo es zu hell ist; weiß ist richtig.</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>Fused</source>
      <translation>Geschärft</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>The fused image; the numbered boxes are the crops above.</source>
      <translation>Das geschärfte Bild; die nummerierten Rahmen sind die Ausschnitte oben.</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>The PAN.</source>
      <translation>PAN.</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>Which band looks like which</source>
      <translation>Welcher Kanal wie welcher aussieht</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>Crop {}: {}</source>
      <translation>Ausschnitt {}: {}</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>The fused image with the places of the crops</source>
      <translation>Das geschärfte Bild mit den Orten der Ausschnitte</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>The PAN</source>
      <translation>PAN</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>Error of {}</source>
      <translation>Fehler von {}</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>r {}, slope {}</source>
      <translation>r {}, Steigung {}</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>SAM map</source>
      <translation>SAM-Karte</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>{}° and more</source>
      <translation>{}° und mehr</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>Q2n map</source>
      <translation>Q2n-Karte</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>{} and less</source>
      <translation>{} und weniger</translation>
    </message>
    <message>
      <location filename="../../core/report/figures.py" />
      <source>Histogram of {}</source>
      <translation>Histogramm von {}</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>23-tap</source>
      <translation>23 Koeffizienten</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>georeferenced</source>
      <translation>nach der Georeferenz</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>The MS was interpolated by the 23-tap filter that is usual in the field, so the numbers can be compared with published ones.</source>
      <translation>MS wurde mit dem im Fach üblichen Filter von 23 Koeffizienten interpoliert; die Zahlen lassen sich also mit veröffentlichten vergleichen.</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>The MS was interpolated to where its georeference puts it, since its grid and the PAN's do not nest; the numbers are near published ones, not equal in kind.</source>
      <translation>MS wurde dorthin interpoliert, wohin seine Georeferenz es legt, weil sein Gitter und das von PAN nicht ineinander passen; die Zahlen sind nahe an veröffentlichten, aber nicht von gleicher Art.</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>By this test {} is the method to use.</source>
      <translation>Nach diesem Test ist {} das zu verwendende Verfahren.</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Methods compared on this scene</source>
      <translation>An dieser Szene verglichene Verfahren</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Pixels without data in the fused image or the reference are left out.</source>
      <translation>Pixel ohne Daten im geschärften Bild oder in der Referenz sind ausgelassen.</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>{} pixels and {} blocks of {}</source>
      <translation>{} Pixeln und {} Blöcken von {}</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>No reference was given: the fused image is compared with the MS at the MS' own resolution, and how it relates to PAN and MS is described, on {}.</source>
      <translation>Eine Referenz war nicht angegeben: Das geschärfte Bild wird bei der Auflösung von MS mit MS verglichen, und wie es sich zu PAN und MS verhält, wird beschrieben, an {}.</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Each band of the fused image against the same band of the MS, at the MS' pixels.</source>
      <translation>Jeder Kanal des geschärften Bildes gegen denselben Kanal von MS, bei dessen Pixeln.</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>{} rows, {} columns (PAN pixels)</source>
      <translation>{} Zeilen, {} Spalten (PAN-Pixel)</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Quality of {}</source>
      <translation>Güte von {}</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Pixels without data in the fused image, the PAN or the MS are left out.</source>
      <translation>Pixel ohne Daten im geschärften Bild, in PAN oder MS sind ausgelassen.</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Pixels without data in the fused image or the reference (for the descriptors, in the fused image, the PAN or the MS) are left out.</source>
      <translation>Pixel ohne Daten im geschärften Bild oder in der Referenz (für die beschreibenden Werte: im geschärften Bild, in PAN oder MS) sind ausgelassen.</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>The fused image against the reference &lt;b&gt;{}&lt;/b&gt;, on {}.</source>
      <translation>Das geschärfte Bild gegen die Referenz &lt;b&gt;{}&lt;/b&gt;, an {}.</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Each band of the fused image against the same band of the reference.</source>
      <translation>Jeder Kanal des geschärften Bildes gegen denselben Kanal der Referenz.</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Meaning</source>
      <translation>Bedeutung</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Root mean square of the difference over all bands, of the bands' means.</source>
      <translation>Quadratisches Mittel der Differenz über alle Kanäle, bezogen auf ihre Mittelwerte.</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Of the band where it is largest: brighter (+) or darker ({}) than the MS.</source>
      <translation>Des Kanals, wo sie am größten ist: heller (+) oder dunkler ({}) als MS.</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Mean fused</source>
      <translation>Mittel geschärft</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Fused image</source>
      <translation>Geschärftes Bild</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>could not be measured</source>
      <translation>ließ sich nicht messen</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>SAM, ERGAS, Q2n, SCC, PSNR and SSIM compare the fused image with the reference pixel by pixel. Q2n is the mean over blocks of {}; PSNR pools the squared error of all bands.</source>
      <translation>SAM, ERGAS, Q2n, SCC, PSNR und SSIM vergleichen das geschärfte Bild Pixel für Pixel mit der Referenz. Q2n ist das Mittel über Blöcke von {}; PSNR fasst den quadratischen Fehler aller Kanäle zusammen.</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Value</source>
      <translation>Wert</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Best</source>
      <translation>Bester</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Mean reference</source>
      <translation>Mittel Referenz</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Detail</source>
      <translation>Detail</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Looks like</source>
      <translation>Sieht aus wie</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>MTF at the Nyquist frequency</source>
      <translation>MTF bei der Nyquist-Frequenz</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>{} of {} ({} %)</source>
      <translation>{} von {} ({} %)</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Interpolation of the MS</source>
      <translation>Interpolation von MS</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Displacement from the MS</source>
      <translation>Verschiebung gegen MS</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Displacement from the PAN</source>
      <translation>Verschiebung gegen PAN</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Displacement of the MS from the PAN</source>
      <translation>Verschiebung von MS gegen PAN</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Time taken</source>
      <translation>Dauer</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Software</source>
      <translation>Software</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Date</source>
      <translation>Datum</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>D_lambda, D_lambda_K and D_s compare the fused image with the MS, interpolated onto the PAN's grid, and with the PAN, in blocks of {}. QNR = (1 - D_lambda)(1 - D_s) and HQNR = (1 - D_lambda_K)(1 - D_s).</source>
      <translation>D_lambda, D_lambda_K und D_s vergleichen das geschärfte Bild mit MS, auf das Gitter von PAN interpoliert, und mit PAN, in Blöcken von {}. QNR = (1 - D_lambda)(1 - D_s) und HQNR = (1 - D_lambda_K)(1 - D_s).</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Largest: {}.</source>
      <translation>Größter: {}.</translation>
    </message>
    <message>
      <location filename="../../core/report/quality_page.py" />
      <source>Departure</source>
      <translation>Unterschied</translation>
    </message>
    <message>
      <location filename="../../core/report/scene_test_page.py" />
      <source>Methods compared on {}</source>
      <translation>An {} verglichene Verfahren</translation>
    </message>
    <message>
      <location filename="../../core/report/scene_test_page.py" />
      <source>{} was asked for; by this test {} would be used.</source>
      <translation>Verlangt war {}; nach diesem Test würde {} verwendet.</translation>
    </message>
    <message>
      <location filename="../../core/report/scene_test_page.py" />
      <source>Time of the comparison</source>
      <translation>Dauer des Vergleichs</translation>
    </message>
    <message>
      <location filename="../../core/report/scene_test_page.py" />
      <source>sharpened by {}</source>
      <translation>geschärft mit {}</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>the fused image, the PAN and the MS</source>
      <translation>dem geschärften Bild, PAN und MS</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{} % of the pixels have data in {}</source>
      <translation>{} % der Pixel haben Daten in {}</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>The fused image is displaced: {} against the PAN, {} against the MS. Was it moved, cut or resampled?</source>
      <translation>Das geschärfte Bild ist verschoben: {} gegen PAN, {} gegen MS. Wurde es bewegt, beschnitten oder neu abgetastet?</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>at MS resolution the image departs from the MS by {} % (root mean square)</source>
      <translation>bei der Auflösung von MS weicht das Bild um {} % von MS ab (quadratisches Mittel)</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{} findings need attention.</source>
      <translation>{} Befunde verlangen Aufmerksamkeit.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>the fused image and the reference</source>
      <translation>dem geschärften Bild und der Referenz</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>band {} ({})</source>
      <translation>Kanal {} ({})</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>All bands look like {} of the MS: the image has lost its colours.</source>
      <translation>Alle Kanäle gleichen {} von MS: Das Bild hat seine Farben verloren.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>The band order looks wrong: {} of the MS, more than like its own.</source>
      <translation>Die Reihenfolge der Kanäle ist wohl falsch: {} von MS, mehr als dem eigenen.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{} is as close to {} of the MS as to its own</source>
      <translation>{} ist {} von MS so ähnlich wie dem eigenen</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{} and {}</source>
      <translation>{} und {}</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>0.0 PAN pixels</source>
      <translation>0.0 PAN-Pixel</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Position: it lies on the {}, to within {} PAN pixel.</source>
      <translation>Lage: Es liegt auf {}, bis auf {} PAN-Pixel.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>The MS itself is shifted from the PAN: {}.</source>
      <translation>Das MS selbst ist gegen das PAN verschoben: {}.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{} % of band {} ({}) are negative</source>
      <translation>{} % von Kanal {} ({}) sind negativ</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{} % of band {} ({}) are at the lowest value of the file's type</source>
      <translation>{} % von Kanal {} ({}) haben den kleinsten Wert des Datentyps der Datei</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{} % of band {} ({}) are at the highest value of the file's type</source>
      <translation>{} % von Kanal {} ({}) haben den größten Wert des Datentyps der Datei</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{} % of the pixels with data in PAN and MS have none</source>
      <translation>{} % der Pixel mit Daten in PAN und MS haben keine</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>The fused image is displaced against the {}: {}.</source>
      <translation>Das geschärfte Bild ist gegen {} verschoben: {}.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>PAN and MS do not lie on each other: the fused image follows the PAN, and the MS lies off by {}. Colours run over edges, and the pair should be aligned; if it was, assess against the aligned MS, not against the original one.</source>
      <translation>PAN und MS liegen nicht aufeinander: Das geschärfte Bild folgt dem PAN, und MS liegt daneben: {}. Farben laufen über Kanten, und das Paar sollte ausgerichtet werden; wurde es das, so ist gegen das ausgerichtete MS zu bewerten, nicht gegen das ursprüngliche.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>The detail is shifted from the PAN: {}; the colours lie on the MS.</source>
      <translation>Das Detail ist gegen das PAN verschoben: {}; die Farben liegen auf dem MS.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>the reference</source>
      <translation>der Referenz</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>the MS</source>
      <translation>MS</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>band {} ({}) is {} % brighter</source>
      <translation>Kanal {} ({}) ist {} % heller</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>band {} ({}) is {} % darker</source>
      <translation>Kanal {} ({}) ist {} % dunkler</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>The brightness departs from {}: on average {}.</source>
      <translation>Die Helligkeit weicht von {} ab: im Mittel {}.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>, with a spectral angle of {} degrees</source>
      <translation>, mit einem spektralen Winkel von {} Grad</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>; every band's mean is right to {} %</source>
      <translation>; das Mittel jedes Kanals stimmt auf {} %</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Colours: those of the MS; {}.</source>
      <translation>Farben: die von MS; {}.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Colours: nearly those of the MS; {}.</source>
      <translation>Farben: fast die von MS; {}.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Colours: changed; {}.</source>
      <translation>Farben: verändert; {}.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Nothing conspicuous in colours, detail, position and band order.</source>
      <translation>Nichts Auffälliges an Farben, Detail, Lage und Reihenfolge der Kanäle.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>One finding needs attention.</source>
      <translation>Ein Befund verlangt Aufmerksamkeit.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>No pixel has data in {}: nothing could be assessed.</source>
      <translation>Kein Pixel hat Daten in {}: Es gab nichts zu bewerten.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Only {}; everything here refers to those pixels.</source>
      <translation>Nur {}; alles hier bezieht sich auf diese Pixel.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{}; only those were assessed.</source>
      <translation>{}; nur diese wurden beurteilt.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{} looks like {}</source>
      <translation>{} gleicht {}</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Bands hardly told apart: {}.</source>
      <translation>Kaum unterscheidbare Kanäle: {}.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{} PAN pixels down</source>
      <translation>{} PAN-Pixel nach unten</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{} PAN pixels up</source>
      <translation>{} PAN-Pixel nach oben</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{} right</source>
      <translation>{} nach rechts</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{} left</source>
      <translation>{} nach links</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>The position of the image relative to MS and PAN could not be measured: too few edges.</source>
      <translation>Die Lage des Bildes zu MS und PAN ließ sich nicht messen: zu wenige Kanten.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Values: {}.</source>
      <translation>Werte: {}.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>The fused image and {} seem to be in different units or scales: on average {}.</source>
      <translation>Das geschärfte Bild hat gegenüber {} wohl andere Einheiten oder einen anderen Maßstab: im Mittel {}.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>These are not the colours of the MS: {}.</source>
      <translation>Das sind nicht die Farben von MS: {}.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Detail: nearly all of the reference's edges are there (SCC {}).</source>
      <translation>Detail: Fast alle Kanten der Referenz sind da (SCC {}).</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Detail: most of the reference's edges are there (SCC {}).</source>
      <translation>Detail: Die meisten Kanten der Referenz sind da (SCC {}).</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Detail: only a part of the reference's edges are there (SCC {}).</source>
      <translation>Detail: Nur ein Teil der Kanten der Referenz ist da (SCC {}).</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Detail: the bands relate to the PAN much as at the MS' own resolution (D_s {}).</source>
      <translation>Detail: Die Kanäle verhalten sich zu PAN sehr ähnlich wie bei der Auflösung von MS (D_s {}).</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Detail: the bands relate to the PAN roughly as at the MS' own resolution (D_s {}).</source>
      <translation>Detail: Die Kanäle verhalten sich zu PAN ungefähr wie bei der Auflösung von MS (D_s {}).</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Detail: the bands relate to the PAN differently than at the MS' own resolution (D_s {}).</source>
      <translation>Detail: Die Kanäle verhalten sich zu PAN anders als bei der Auflösung von MS (D_s {}).</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>The fine detail is not the PAN's (correlation {}): the image was not sharpened, or noise covers it.</source>
      <translation>Das feine Detail ist nicht das von PAN (Korrelation {}): Das Bild wurde nicht geschärft, oder Rauschen verdeckt es.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>The fine detail of band {} is not the PAN's, unlike that of the others: is it displaced or noisy?</source>
      <translation>Das feine Detail von Kanal {} ist nicht das von PAN, anders als bei den übrigen: Ist er verschoben oder verrauscht?</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>The fine detail is {} times as strong as the PAN's: it is exaggerated, look for rims along edges.</source>
      <translation>Das feine Detail ist {}-mal so stark wie das von PAN: Es ist übertrieben; an Kanten sind wohl Säume.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Against the reference: {}.</source>
      <translation>Gegen die Referenz: {}.</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{} PAN pixels right</source>
      <translation>{} PAN-Pixel nach rechts</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>{} PAN pixels left</source>
      <translation>{} PAN-Pixel nach links</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>spectral angle {} degrees</source>
      <translation>spektraler Winkel {} Grad</translation>
    </message>
    <message>
      <location filename="../../core/report/verdict.py" />
      <source>Q2n {} of 1</source>
      <translation>Q2n {} von 1</translation>
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
      <source>Match {:.2f}, without shift {:.2f}; {} of {} blocks have a clear shift.</source>
      <translation>Übereinstimmung {:.2f}, ohne Korrektur {:.2f}; {} von {} Blöcken haben einen klaren Versatz.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>not aligned</source>
      <translation>nicht ausgerichtet</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The finer, single-band image. It is not moved.</source>
      <translation>Das feinere Bild mit einem Kanal. Es wird nicht verschoben.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Bands to measure with; all except alpha if none is chosen. All bands are aligned.</source>
      <translation>Kanäle für die Messung; ohne Auswahl alle außer Alpha. Ausgerichtet werden alle Kanäle.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Compare with the other methods</source>
      <translation>Mit den anderen Verfahren vergleichen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Runs all methods on sampled windows of the scene at reduced resolution, where the original MS is the reference. It takes seconds; the log shows the scores. 'scene-fit' and 'exp' are compared only if a report is written.</source>
      <translation>Führt alle Verfahren an Ausschnitten der Szene bei verringerter Auflösung aus, wo das ursprüngliche MS die Referenz ist. Es dauert Sekunden; das Protokoll zeigt die Werte. 'scene-fit' und 'exp' werden nur verglichen, wenn ein Bericht geschrieben wird.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Fine-tuning time (s), 0 = off</source>
      <translation>Zeit für Feinabstimmung (s), 0 = aus</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Maximum time for fine-tuning the network to the scene, in seconds; 0 = off.</source>
      <translation>Höchstzeit für die Feinabstimmung des Netzes auf die Szene, in Sekunden; 0 = aus.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Align MS to PAN first</source>
      <translation>MS zuerst an PAN ausrichten</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Measures the shift between MS and PAN to a fraction of a pixel and corrects it; the log shows the shift. If not ticked, MS stays where it is: the scene fit and the networks allow for a shift of up to two PAN pixels, and more than one gives a warning. 'Align multispectral to PAN' measures the shift without sharpening and writes the aligned MS: assess an aligned result against that, since it is shifted against the original MS.</source>
      <translation>Misst den Versatz zwischen MS und PAN auf Bruchteile eines Pixels und korrigiert ihn; das Protokoll zeigt den Versatz. Ohne Häkchen bleibt MS, wo es ist: Die Szenenanpassung und die Netze berücksichtigen einen Versatz von bis zu zwei PAN-Pixeln, und mehr als eines führt zu einer Warnung. 'Multispektralbild an PAN ausrichten' misst den Versatz ohne Schärfen und schreibt das ausgerichtete MS: Ein ausgerichtetes Ergebnis ist gegen dieses zu bewerten, da es gegen das ursprüngliche MS versetzt ist.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>'auto' uses the default model of the plugin, 'custom' any model file. The Models window of the KSDiff menu describes the models and imports others.</source>
      <translation>'auto' verwendet das Standardmodell der Erweiterung, 'custom' eine beliebige Modelldatei. Das Fenster Modelle im Menü KSDiff beschreibt die Modelle und importiert weitere.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The plugin's own</source>
      <translation>Das der Erweiterung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>A model file</source>
      <translation>Eine Modelldatei</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Model file (for Model: A model file)</source>
      <translation>Modelldatei (für Modell: Eine Modelldatei)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>A .safetensors file with weights and card, next to its ONNX graphs.</source>
      <translation>Eine .safetensors-Datei mit Gewichten und Karte, neben ihren ONNX-Graphen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Device</source>
      <translation>Gerät</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>'auto' uses a CUDA graphics card if there is one; the log shows the device used.</source>
      <translation>'auto' verwendet eine CUDA-Grafikkarte, wenn es eine gibt; das Protokoll zeigt das verwendete Gerät.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>CPU</source>
      <translation>CPU</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Tile size (PAN pixels)</source>
      <translation>Kachelgröße (PAN-Pixel)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Smaller tiles need less memory. The result does not depend on the tile size.</source>
      <translation>Kleinere Kacheln brauchen weniger Speicher. Das Ergebnis hängt nicht von der Kachelgröße ab.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Seed</source>
      <translation>Startwert</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The same seed gives the same result. With fine-tuning, only if its time limit is not reached.</source>
      <translation>Derselbe Startwert ergibt dasselbe Ergebnis. Mit Feinabstimmung nur, wenn deren Höchstzeit nicht erreicht wird.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Sensor</source>
      <translation>Sensor</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Sensor whose blur (MTF) is used. 'auto' recognises it by the files' metadata and names, or uses 'generic'; the log shows the sensor used.</source>
      <translation>Sensor, dessen Unschärfe (MTF) verwendet wird. 'auto' erkennt ihn an Metadaten und Namen der Dateien oder verwendet 'generic'; das Protokoll zeigt den verwendeten Sensor.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Recognised by the files</source>
      <translation>An den Dateien erkannt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Another sensor</source>
      <translation>Anderer Sensor</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Panchromatic (PAN)</source>
      <translation>Panchromatisch (PAN)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The finer, single-band image. The result has exactly its pixel grid.</source>
      <translation>Das feinere Bild mit einem Kanal. Das Ergebnis hat genau sein Pixelraster.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Band of PAN</source>
      <translation>Kanal von PAN</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Which band is panchromatic; needed only if PAN has several.</source>
      <translation>Welcher Kanal panchromatisch ist; nur nötig, wenn PAN mehrere hat.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Multispectral (MS)</source>
      <translation>Multispektral (MS)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The coarser image with the spectral bands; it must overlap PAN.</source>
      <translation>Das gröbere Bild mit den Spektralkanälen; es muss PAN überlappen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Bands of MS</source>
      <translation>Kanäle von MS</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Bands to process, in the order of the result; all except alpha if none is chosen.</source>
      <translation>Zu verarbeitende Kanäle in der Reihenfolge des Ergebnisses; ohne Auswahl alle außer Alpha.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Further bands of MS, one layer each</source>
      <translation>Weitere Kanäle von MS, je ein Layer</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>For an MS that is delivered as one file per band: give one of them as MS, the others here. They are sorted by wavelength where it is known.</source>
      <translation>Für ein MS, das als eine Datei je Kanal geliefert wird: eine davon als MS angeben, die anderen hier. Sie werden nach der Wellenlänge geordnet, wo sie bekannt ist.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Delivered product, instead of PAN and MS</source>
      <translation>Geliefertes Produkt, statt PAN und MS</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The folder of a product as it was delivered, or its metadata file: Pleiades and SPOT (DIMAP), Maxar, Landsat, GaoFen, SuperView, KOMPSAT, Planet. PAN, MS, bands, wavelengths and sensor are found in it; PAN and MS stay empty.</source>
      <translation>Der Ordner eines Produkts, wie es geliefert wurde, oder seine Metadatendatei: Pléiades und SPOT (DIMAP), Maxar, Landsat, GaoFen, SuperView, KOMPSAT, Planet. PAN, MS, Kanäle, Wellenlängen und Sensor werden darin gefunden; PAN und MS bleiben leer.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>'auto' uses the method with the lowest expected error in the comparison on this scene. 'scene-fit' fits weights of PAN's details on the scene, in seconds. 'ksdiff' and 'srino' always use that network. 'exp' only interpolates MS.</source>
      <translation>'auto' verwendet das Verfahren mit dem kleinsten erwarteten Fehler im Vergleich an dieser Szene. 'scene-fit' passt Gewichte der Details von PAN an die Szene an, in Sekunden. 'ksdiff' und 'srino' verwenden immer dieses Netz. 'exp' interpoliert MS nur.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Extent</source>
      <translation>Ausdehnung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Sharpen only this part, extended to whole PAN pixels.</source>
      <translation>Nur diesen Teil schärfen, erweitert auf ganze PAN-Pixel.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Creation options</source>
      <translation>Erzeugungsoptionen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>GDAL creation options as NAME=VALUE, separated by |; they override the defaults.</source>
      <translation>Erzeugungsoptionen von GDAL als NAME=WERT, getrennt durch |; sie haben Vorrang vor den Vorgaben.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Output data type</source>
      <translation>Datentyp der Ausgabe</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>'input' keeps the type of MS. Values are rounded and clipped.</source>
      <translation>'input' behält den Typ von MS. Werte werden gerundet und begrenzt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>As MS</source>
      <translation>Wie MS</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>No data value</source>
      <translation>Leerwert</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Only needed if the files do not define it.</source>
      <translation>Nur nötig, wenn die Dateien ihn nicht angeben.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>No data value of the result</source>
      <translation>Leerwert des Ergebnisses</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>By default that of MS, or else the usual one of the data type.</source>
      <translation>Vorgabe: der von MS, sonst der übliche des Datentyps.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>No data value of PAN</source>
      <translation>Leerwert von PAN</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Only needed if it is not that of MS.</source>
      <translation>Nur nötig, wenn er nicht der von MS ist.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pixels with data in some bands only</source>
      <translation>Pixel mit Daten nur in manchen Kanälen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>'any': a pixel of MS has no data if any band has none; 'all': only if all bands have none; 'each': each band by itself.</source>
      <translation>'any': ein Pixel von MS ist leer, wenn irgendein Kanal leer ist; 'all': nur wenn alle Kanäle leer sind; 'each': jeder Kanal für sich.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>No data</source>
      <translation>Keine Daten</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Keep the bands that have data</source>
      <translation>Kanäle mit Daten behalten</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Each band by itself</source>
      <translation>Jeder Kanal für sich</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Values that look like missing data</source>
      <translation>Werte, die wie fehlende Daten aussehen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Such as -9999, or 0 around the image, if no file declares them: 'leave-out' or 'keep'. The log names them.</source>
      <translation>Etwa -9999, oder 0 rings um das Bild, wenn keine Datei sie als Leerwert nennt: auslassen ('leave-out') oder behalten ('keep'). Das Protokoll nennt sie.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Leave out</source>
      <translation>Weglassen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Keep as data</source>
      <translation>Als Daten behalten</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Heights for images with RPCs</source>
      <translation>Höhen für Bilder mit RPCs</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>A raster of heights in metres, by which images with RPCs are placed on the map. Without it one height is assumed. PAN and MS of the same sensor stay on its grid and need no heights.</source>
      <translation>Ein Raster mit Höhen in Metern, mit dem Bilder mit RPCs auf die Karte gelegt werden. Ohne es wird eine einzige Höhe angenommen. PAN und MS desselben Sensors bleiben auf dessen Raster und brauchen keine Höhen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Cloud optimized GeoTIFF</source>
      <translation>Cloud Optimized GeoTIFF</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Write overviews and a layout for reading over a network.</source>
      <translation>Übersichten und einen Aufbau zum Lesen über ein Netzwerk schreiben.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Overviews and statistics</source>
      <translation>Übersichten und Statistik</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Write them into the image, so that QGIS draws it fast; 'auto' does so above 4096 x 4096 pixels.</source>
      <translation>Ins Bild schreiben, damit QGIS es schnell zeichnet; 'auto' tut es über 4096 x 4096 Pixel.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>For large images</source>
      <translation>Bei großen Bildern</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Always</source>
      <translation>Immer</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Never</source>
      <translation>Nie</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Make PAN of its bands (Sentinel-2)</source>
      <translation>PAN aus seinen Kanälen bilden (Sentinel-2)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>For sensors without PAN: give a raster of several fine bands as PAN, such as the 10 m bands of Sentinel-2. Each band of MS is sharpened by a PAN made of them.</source>
      <translation>Für Sensoren ohne PAN: als PAN ein Raster mit mehreren feinen Kanälen angeben, etwa die 10-m-Kanäle von Sentinel-2. Jeder Kanal von MS wird mit einem daraus gebildeten PAN geschärft.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Bands that PAN does not see</source>
      <translation>Kanäle, die PAN nicht sieht</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Bands whose detail PAN hardly explains, such as SWIR and thermal: 'fit' sharpens them as the method does, 'gentle' by half of that, 'interpolate' not at all. The log names them.</source>
      <translation>Kanäle, deren Details PAN kaum erklärt, etwa SWIR und Thermal: 'fit' schärft sie wie das Verfahren, 'gentle' um die Hälfte davon, 'interpolate' gar nicht. Das Protokoll nennt sie.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>As the method does</source>
      <translation>Wie das Verfahren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Half of the detail</source>
      <translation>Die Hälfte der Details</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pansharpened</source>
      <translation>Geschärft</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>GeoTIFF with the grid of PAN and the bands of MS.</source>
      <translation>GeoTIFF mit dem Raster von PAN und den Kanälen von MS.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Comparison report</source>
      <translation>Bericht zum Vergleich</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>HTML page with the methods compared on this scene, the number of pixels and the scores. Switches the comparison on.</source>
      <translation>HTML-Seite mit den an dieser Szene verglichenen Verfahren, der Anzahl der Pixel und den Werten. Schaltet den Vergleich ein.</translation>
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
      <source>Run time (s)</source>
      <translation>Laufzeit (s)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Shift correction of MS, rows up (PAN pixels)</source>
      <translation>Korrektur des Versatzes von MS, Zeilen nach oben (PAN-Pixel)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Shift correction of MS, columns left (PAN pixels)</source>
      <translation>Korrektur des Versatzes von MS, Spalten nach links (PAN-Pixel)</translation>
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
      <source>Reason for the method</source>
      <translation>Grund für das Verfahren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Sensor (MTF) used</source>
      <translation>Verwendeter Sensor (MTF)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Method selected by 'auto'</source>
      <translation>Von 'auto' gewähltes Verfahren</translation>
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
      <source>Effect of fine-tuning the network to the scene</source>
      <translation>Wirkung der Feinabstimmung des Netzes auf die Szene</translation>
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
      <source>Sampling steps, 0 = default of the model</source>
      <translation>Abtastschritte, 0 = Vorgabe des Modells</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Number of steps from noise to image; the run time grows with it. Few steps give the best estimate, many steps one possible sample.</source>
      <translation>Anzahl der Schritte vom Rauschen zum Bild; die Laufzeit wächst mit ihr. Wenige Schritte ergeben die beste Schätzung, viele eine mögliche Stichprobe.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Half the width of the 90 % interval of each pixel and band, in DN. On the test scenes about nine of ten true values lay within the result plus or minus it, on the worst set eight. It is estimated at reduced resolution and is no guarantee.</source>
      <translation>Halbe Breite des 90-%-Intervalls jedes Pixels und Kanals, in DN. Auf den Testszenen lagen etwa neun von zehn wahren Werten im Bereich Ergebnis plus oder minus dieser Breite, im schlechtesten Satz acht. Er wird bei verringerter Auflösung geschätzt und ist keine Garantie.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Number of seeds</source>
      <translation>Anzahl der Startwerte</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Not used any more: the error bar needs no seeds.</source>
      <translation>Nicht mehr verwendet: Der Fehlerbalken braucht keine Startwerte.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Sampling steps used</source>
      <translation>Verwendete Abtastschritte</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>'auto' compares the methods on sampled windows of the scene at reduced resolution and uses the one with the lowest expected error. 'scene-fit' fits weights of PAN's details on the scene itself. 'exp' only interpolates MS.</source>
      <translation>'auto' vergleicht die Verfahren an Ausschnitten der Szene bei verringerter Auflösung und verwendet das mit dem kleinsten erwarteten Fehler. 'scene-fit' passt Gewichte der Details von PAN an die Szene selbst an. 'exp' interpoliert MS nur.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Back-projection passes, empty = default</source>
      <translation>Rückprojektion: Durchgänge, leer = Vorgabe</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Each pass adds the difference between MS and the result, degraded to the resolution of MS. Empty or 0 is the default of the method: 3 passes for 'scene-fit', none for the others; the comparison lists 'gsa' with 3 passes as 'gsa-bp'.</source>
      <translation>Jeder Durchgang fügt die Differenz zwischen MS und dem Ergebnis hinzu, das dafür auf die Auflösung von MS verringert wird. Leer oder 0 ist die Vorgabe des Verfahrens: 3 Durchgänge für 'scene-fit', keine für die anderen; der Vergleich führt 'gsa' mit 3 Durchgängen als 'gsa-bp'.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Fit to use again</source>
      <translation>Vorhandene Anpassung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Only for 'scene-fit': a saved fit, with its number of passes, instead of a new one; for scenes of one sensor and season that are to look alike.</source>
      <translation>Nur für 'scene-fit': eine gespeicherte Anpassung, mit ihrer Zahl der Durchgänge, statt einer neuen; für Szenen eines Sensors und einer Jahreszeit, die gleich aussehen sollen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Save the fit</source>
      <translation>Anpassung speichern</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Only for 'scene-fit': a JSON file with the fit made on this scene.</source>
      <translation>Nur für 'scene-fit': eine JSON-Datei mit der Anpassung an diese Szene.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Folder of pairs</source>
      <translation>Ordner mit Paaren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Searched including subfolders. PAN and MS are matched by name, ground and date, and by the metadata of delivered products.</source>
      <translation>Wird mit allen Unterordnern durchsucht. PAN und MS werden nach Name, Gelände und Datum zugeordnet und nach den Metadaten gelieferter Produkte.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Table of files, instead of a folder</source>
      <translation>Tabelle von Dateien statt eines Ordners</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>A .csv file with the columns pan, ms and, optionally, out. File names are relative to the folder of the table.</source>
      <translation>Eine .csv-Datei mit den Spalten pan, ms und, falls gewünscht, out. Dateinamen gelten relativ zum Ordner der Tabelle.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Only show the pairs</source>
      <translation>Paare nur zeigen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Lists the pairs in the log and the summary, with what is missing or doubtful; nothing is sharpened.</source>
      <translation>Nennt die Paare in Protokoll und Übersicht, und was an ihnen fehlt oder zweifelhaft ist; geschärft wird nichts.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Leave doubtful pairs out</source>
      <translation>Zweifelhafte Paare weglassen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>For example images of different days, or that overlap only in part.</source>
      <translation>Zum Beispiel Bilder verschiedener Tage, oder die sich nur zum Teil überdecken.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pairs to leave out</source>
      <translation>Paare, die ausgelassen werden</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Names of pairs as listed by 'Only show the pairs', separated by |. The dialog shows a table of the pairs to tick instead.</source>
      <translation>Namen von Paaren, wie 'Nur die Paare zeigen' sie nennt, getrennt durch |. Der Dialog zeigt stattdessen eine Tabelle der Paare zum Ankreuzen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>'auto' compares the methods on each scene and uses the one with the lowest expected error, 'classical' does so among those without a network.</source>
      <translation>'auto' vergleicht die Verfahren an jeder Szene und verwendet das mit dem kleinsten erwarteten Fehler, 'classical' tut das unter denen ohne Netz.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Load the results into the project</source>
      <translation>Ergebnisse in das Projekt laden</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>In a group with the name of the folder for the results.</source>
      <translation>In einer Gruppe mit dem Namen des Ordners für die Ergebnisse.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Folder for the results</source>
      <translation>Ordner für die Ergebnisse</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Existing results of the same files and settings are kept, so a stopped run continues where it ended.</source>
      <translation>Vorhandene Ergebnisse derselben Dateien und Einstellungen bleiben; ein angehaltener Lauf geht also weiter, wo er aufhörte.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Summary</source>
      <translation>Übersicht</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>One row per pair: files, state, method and reason, seconds, scores, remarks.</source>
      <translation>Eine Zeile je Paar: Dateien, Zustand, Verfahren und Grund, Sekunden, Werte, Bemerkungen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pairs found</source>
      <translation>Gefundene Paare</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pairs sharpened</source>
      <translation>Geschärfte Paare</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pairs whose result was there already</source>
      <translation>Paare, deren Ergebnis schon da war</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pairs that could not be sharpened</source>
      <translation>Paare, die nicht geschärft werden konnten</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Rows of the summary (JSON)</source>
      <translation>Zeilen der Übersicht (JSON)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>MS with the shift corrected, a GeoTIFF: the same pixels with a shifted georeference. MS must be georeferenced.</source>
      <translation>MS mit korrigiertem Versatz, ein GeoTIFF: dieselben Pixel mit verschobener Georeferenz. MS muss georeferenziert sein.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Alignment report</source>
      <translation>Bericht zur Ausrichtung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>HTML page with the shift of the scene and of its blocks, as maps and numbers.</source>
      <translation>HTML-Seite mit dem Versatz der Szene und ihrer Blöcke, als Karten und Zahlen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Shift of MS, rows down (PAN pixels)</source>
      <translation>Versatz von MS, Zeilen nach unten (PAN-Pixel)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Shift of MS, columns right (PAN pixels)</source>
      <translation>Versatz von MS, Spalten nach rechts (PAN-Pixel)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Length of the shift (m)</source>
      <translation>Länge des Versatzes (m)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Match of PAN and MS after the shift (0 to 1)</source>
      <translation>Übereinstimmung von PAN und MS nach der Korrektur (0 bis 1)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Number of blocks with a clear shift</source>
      <translation>Anzahl der Blöcke mit klarem Versatz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Findings, one per line; empty if there are none</source>
      <translation>Befunde, einer je Zeile; leer, wenn es keine gibt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Sharpened image</source>
      <translation>Geschärftes Bild</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The image to assess, on the pixel grid of PAN, with the bands of MS in order.</source>
      <translation>Das zu bewertende Bild, auf dem Pixelraster von PAN, mit den Kanälen von MS in deren Reihenfolge.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Reference</source>
      <translation>Referenz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The reference on the same pixel grid, as written by 'Simulate reduced resolution'. Without it, only the no-reference indices are computed.</source>
      <translation>Die Referenz auf demselben Pixelraster, wie sie 'Verringerte Auflösung simulieren' schreibt. Ohne sie werden nur die Indizes ohne Referenz berechnet.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Compare the methods on this scene</source>
      <translation>Die Verfahren an dieser Szene vergleichen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Scores KSDiff, SRINO and the classical methods on the scene at reduced resolution, where the original MS is the reference, independently of the image to assess. The log and the report show the scores. It takes a minute or more without a graphics card.</source>
      <translation>Bewertet KSDiff, SRINO und die klassischen Verfahren an der Szene bei verringerter Auflösung, wo das ursprüngliche MS die Referenz ist, unabhängig vom zu bewertenden Bild. Protokoll und Bericht zeigen die Werte. Das dauert ohne Grafikkarte eine Minute oder länger.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Quality report</source>
      <translation>Gütebericht</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>HTML page with all scores, maps and images.</source>
      <translation>HTML-Seite mit allen Werten, Karten und Bildern.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>SAM per pixel</source>
      <translation>SAM je Pixel</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>GeoTIFF of the spectral angle at each pixel, in degrees.</source>
      <translation>GeoTIFF des Spektralwinkels an jedem Pixel, in Grad.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Q2n per block</source>
      <translation>Q2n je Block</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>GeoTIFF of Q2n, one value per block.</source>
      <translation>GeoTIFF von Q2n, ein Wert je Block.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Error per band</source>
      <translation>Fehler je Kanal</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>GeoTIFF of the error of each band, in DN.</source>
      <translation>GeoTIFF des Fehlers jedes Kanals, in DN.</translation>
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
      <source>D_lambda: Descriptor: change of the bands among themselves (0: none)</source>
      <translation>D_lambda: Deskriptor: Veränderung der Kanäle untereinander (0: keine)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>D_lambda_K: Descriptor: change of the bands against MS (0: none)</source>
      <translation>D_lambda_K: Deskriptor: Veränderung der Kanäle gegenüber MS (0: keine)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>D_s: Descriptor: change of the bands against PAN (0: none)</source>
      <translation>D_s: Deskriptor: Veränderung der Kanäle gegenüber PAN (0: keine)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>QNR: Descriptor of D_lambda and D_s; describes, does not rank</source>
      <translation>QNR: Deskriptor aus D_lambda und D_s; beschreibt, ordnet nicht</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>HQNR: Descriptor of D_lambda_K and D_s; describes, does not rank</source>
      <translation>HQNR: Deskriptor aus D_lambda_K und D_s; beschreibt, ordnet nicht</translation>
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
      <source>Shift against MS, down (PAN pixels; 0 is best)</source>
      <translation>Versatz gegen MS nach unten (PAN-Pixel; 0 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Shift against MS, right (PAN pixels; 0 is best)</source>
      <translation>Versatz gegen MS nach rechts (PAN-Pixel; 0 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Largest bias of a band mean (percent; 0 is best)</source>
      <translation>Größte Abweichung eines Kanalmittels (Prozent; 0 ist am besten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pixels assessed</source>
      <translation>Beurteilte Pixel</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Findings, one per line</source>
      <translation>Befunde, einer je Zeile</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Reduction ratio</source>
      <translation>Verhältnis der Vergröberung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>An integer; by default the ratio of the pair, rounded.</source>
      <translation>Eine ganze Zahl; ohne Angabe das gerundete Verhältnis des Paars.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pixel grid</source>
      <translation>Pixelraster</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>'product': the outer pixel corners coincide, as in commercial products. 'benchmark': the grid of published comparisons.</source>
      <translation>'product': die äußeren Pixelecken fallen zusammen, wie in Bildprodukten. 'benchmark': das Raster veröffentlichter Vergleiche.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Reduced PAN</source>
      <translation>Vergröbertes PAN</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>GeoTIFF of PAN at the pixel size of MS.</source>
      <translation>GeoTIFF von PAN mit der Pixelgröße von MS.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Reduced MS</source>
      <translation>Vergröbertes MS</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>GeoTIFF of MS, coarser by the ratio.</source>
      <translation>GeoTIFF von MS, um das Verhältnis vergröbert.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>GeoTIFF of the original MS on the grid of the reduced PAN.</source>
      <translation>GeoTIFF des ursprünglichen MS auf dem Raster des vergröberten PAN.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Ratio used</source>
      <translation>Verwendetes Verhältnis</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Scene folder</source>
      <translation>Ordner mit Szenen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Folder with one subfolder per set that holds pairs X_pan.tif and X_ms.tif; or the path of a PanCollection test file (.h5 or .mat).</source>
      <translation>Ordner mit einem Unterordner je Gruppe, der Paare X_pan.tif und X_ms.tif enthält; oder der Pfad einer Testdatei von PanCollection (.h5 oder .mat).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Methods</source>
      <translation>Verfahren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>All if none is chosen. 'auto' is the method that KSDiff pansharpening would select; 'ksdiff-adapted', 'srino-adapted' and 'auto-adapted' fine-tune the network to each scene and need a fine-tuning time.</source>
      <translation>Ohne Auswahl alle. 'auto' ist das Verfahren, das KSDiff-Pansharpening wählen würde; 'ksdiff-adapted', 'srino-adapted' und 'auto-adapted' stimmen das Netz auf jede Szene ab und brauchen eine Zeit für die Feinabstimmung.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Score table</source>
      <translation>Tabelle der Werte</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>One row per scene and method.</source>
      <translation>Eine Zeile je Szene und Verfahren.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Score table as JSON</source>
      <translation>Tabelle der Werte als JSON</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The same table, for programs.</source>
      <translation>Dieselbe Tabelle, für Programme.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Rows of the table</source>
      <translation>Zeilen der Tabelle</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Panchromatic (PAN) images</source>
      <translation>Panchromatische Bilder (PAN)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The finer, single-band images. More scenes of the sensor are better.</source>
      <translation>Die feineren Bilder mit je einem Kanal. Mehr Szenen des Sensors sind besser.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Multispectral (MS) images</source>
      <translation>Multispektralbilder (MS)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The coarser images with the spectral bands, in any order: each is matched with the PAN that it overlaps and whose name is most similar.</source>
      <translation>Die gröberen Bilder mit den Spektralkanälen, in beliebiger Reihenfolge: Jedes wird dem PAN zugeordnet, das es überlappt und dessen Name am ähnlichsten ist.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Or a folder of pairs</source>
      <translation>Oder ein Ordner mit Paaren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Searched including subfolders. PAN and MS are matched as by 'Pansharpen a folder'.</source>
      <translation>Wird mit allen Unterordnern durchsucht. PAN und MS werden zugeordnet wie bei 'Einen Ordner schärfen'.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Bands of MS, e.g. 1,2,3</source>
      <translation>Kanäle von MS, z. B. 1,2,3</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Bands of every MS, numbered from 1, in the order of the model; all by default.</source>
      <translation>Kanäle jedes MS, ab 1 nummeriert, in der Reihenfolge des Modells; ohne Angabe alle.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Validation share</source>
      <translation>Validierungsanteil</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Share of the ground that is held out from training: whole scenes if there are enough, otherwise the end of each scene. The scores of the model are measured there; with 0 it has none.</source>
      <translation>Anteil der Fläche, der nicht zum Training dient: ganze Szenen, wenn es genug gibt, sonst das Ende jeder Szene. Dort werden die Werte des Modells gemessen; mit 0 hat es keine.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Share of synthetic scenes</source>
      <translation>Anteil synthetischer Szenen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Share of the training samples. Synthetic scenes reduce overfitting to few real scenes.</source>
      <translation>Anteil an den Trainingsbeispielen. Synthetische Szenen verringern die Überanpassung an wenige echte Szenen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Training set</source>
      <translation>Trainingssatz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>One file with all pixels, and its recipe (.patches.json) next to it.</source>
      <translation>Eine Datei mit allen Pixeln, daneben ihr Rezept (.patches.json).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pairs used</source>
      <translation>Verwendete Paare</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pairs left out</source>
      <translation>Ausgelassene Paare</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Training patches</source>
      <translation>Trainingsausschnitte</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Validation patches</source>
      <translation>Validierungsausschnitte</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Synthetic scenes</source>
      <translation>Synthetische Szenen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>File size (MB)</source>
      <translation>Dateigröße (MB)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Band counts</source>
      <translation>Kanalzahlen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Recipe (JSON)</source>
      <translation>Rezept (JSON)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Picture of the ground: what is trained on, held out, left out</source>
      <translation>Bild der Fläche: womit trainiert wird, was zurückgehalten und was ausgelassen wird</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Shares of the ground, as a sentence</source>
      <translation>Anteile der Fläche, als Satz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Pairs left out, and why</source>
      <translation>Ausgelassene Paare und Gründe</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>A file written by 'Prepare training set'.</source>
      <translation>Eine von 'Trainingssatz vorbereiten' geschriebene Datei.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Model name</source>
      <translation>Modellname</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>A new name of letters without accents, digits, - and _, also used for the files.</source>
      <translation>Ein neuer Name aus Buchstaben ohne Akzente, Ziffern, - und _, auch für die Dateien.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The method that the model is for.</source>
      <translation>Das Verfahren, für das das Modell ist.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Initial model</source>
      <translation>Ausgangsmodell</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>'auto' fine-tunes the default model of the plugin to your sensor; 'scratch' starts with random weights and needs a long training; or another model of the same method.</source>
      <translation>'auto' stimmt das Standardmodell der Erweiterung auf Ihren Sensor ab; 'scratch' beginnt mit zufälligen Gewichten und braucht ein langes Training; oder ein anderes Modell desselben Verfahrens.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>None (random weights)</source>
      <translation>Keines (zufällige Gewichte)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Training length</source>
      <translation>Trainingslänge</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Total steps of both stages: {}. A step takes one to two seconds on two CPU cores; the progress shows the time left.</source>
      <translation>Schritte beider Stufen zusammen: {}. Ein Schritt dauert auf zwei CPU-Kernen ein bis zwei Sekunden; der Fortschritt zeigt die Restzeit.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Quick</source>
      <translation>Kurz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Normal</source>
      <translation>Normal</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Long</source>
      <translation>Lang</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Or training time (minutes)</source>
      <translation>Oder Trainingszeit (Minuten)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Replaces the training length by the number of steps that this device does in about that time; their speed is measured first. 0 = off.</source>
      <translation>Ersetzt die Trainingslänge durch die Zahl der Schritte, die dieses Gerät in etwa dieser Zeit schafft; ihr Tempo wird zuerst gemessen. 0 = aus.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Steps of stage 1</source>
      <translation>Schritte der Stufe 1</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Overrides the training length.</source>
      <translation>Hat Vorrang vor der Trainingslänge.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Steps of stage 2</source>
      <translation>Schritte der Stufe 2</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Batch size</source>
      <translation>Batchgröße</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Windows per step; smaller batches need less memory and time per step.</source>
      <translation>Ausschnitte je Schritt; kleinere Batches brauchen weniger Speicher und Zeit je Schritt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Run folder</source>
      <translation>Ordner des Laufs</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Folder for the checkpoint. A stopped training continues when it is run again with the same folder and settings. By default a folder named after the model; it must be empty or of an earlier training.</source>
      <translation>Ordner für den Zwischenstand. Ein angehaltenes Training geht weiter, wenn es mit demselben Ordner und denselben Einstellungen erneut gestartet wird. Ohne Angabe ein nach dem Modell benannter Ordner; er muss leer sein oder von einem früheren Training stammen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Model licence</source>
      <translation>Lizenz des Modells</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>For those who get the model; the licence of the images may restrict it.</source>
      <translation>Für alle, die das Modell bekommen; die Lizenz der Bilder kann sie einschränken.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Notes</source>
      <translation>Anmerkungen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Free text for the card of the model.</source>
      <translation>Freier Text für die Karte des Modells.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Validation ERGAS of the model</source>
      <translation>Validierungs-ERGAS des Modells</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Validation ERGAS of the initial model</source>
      <translation>Validierungs-ERGAS des Ausgangsmodells</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Validation ERGAS of the best classical method</source>
      <translation>Validierungs-ERGAS des besten klassischen Verfahrens</translation>
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
      <source>Training time (s)</source>
      <translation>Trainingszeit (s)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>1 if it is better in use on held-out ground than before, else 0</source>
      <translation>1, wenn es auf der zurückgehaltenen Fläche im Einsatz besser ist als vorher, sonst 0</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Validation scores (JSON)</source>
      <translation>Validierungswerte (JSON)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Scores in use on held-out ground (JSON)</source>
      <translation>Werte im Einsatz auf der zurückgehaltenen Fläche (JSON)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Verdict of the comparison in use</source>
      <translation>Urteil des Vergleichs im Gebrauch</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Action</source>
      <translation>Aktion</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>'list' changes nothing; 'check' tests whether a file is a usable model; 'import' copies it to your own models; 'card' edits the card of one of your own models; 'delete' permanently deletes one of your own models.</source>
      <translation>'list' ändert nichts; 'check' prüft, ob eine Datei ein brauchbares Modell ist; 'import' kopiert es zu den eigenen Modellen; 'card' bearbeitet die Karte eines eigenen Modells; 'delete' löscht ein eigenes Modell endgültig.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>A .safetensors file next to its ONNX graphs, to check, import or edit.</source>
      <translation>Eine .safetensors-Datei neben ihren ONNX-Graphen, zum Prüfen, Importieren oder Bearbeiten.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The model to delete, or the new name of an imported or edited model.</source>
      <translation>Das zu löschende Modell oder der neue Name eines importierten oder bearbeiteten Modells.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>For the card; unchanged if empty.</source>
      <translation>Für die Karte; unverändert, wenn leer.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Installed models (JSON)</source>
      <translation>Installierte Modelle (JSON)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Folder of your own models</source>
      <translation>Ordner der eigenen Modelle</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>'check' changes nothing; 'install' installs an environment; 'repair' installs the existing one again; 'remove' deletes it; 'selftest' sharpens a tiny pair on each device.</source>
      <translation>'check' ändert nichts; 'install' installiert eine Umgebung; 'repair' installiert die vorhandene neu; 'remove' löscht sie; 'selftest' schärft ein winziges Paar auf jedem Gerät.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Check only</source>
      <translation>Nur prüfen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Install</source>
      <translation>Installieren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Install again</source>
      <translation>Neu installieren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Remove</source>
      <translation>Entfernen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Test on each device</source>
      <translation>Auf jedem Gerät testen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>'light' sharpens; 'full' also fine-tunes and trains; 'gpu' is full for an NVIDIA GPU. The log shows the size of the download before it starts. Only for 'install': 'repair' keeps the installed size.</source>
      <translation>'light' schärft; 'full' kann auch feinabstimmen und trainieren; 'gpu' ist full für eine NVIDIA-GPU. Das Protokoll nennt die Größe des Downloads, bevor er beginnt. Nur für 'install': 'repair' behält die installierte Größe.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Base Python</source>
      <translation>Python als Grundlage</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Interpreter to create the environment from; searched for if empty.</source>
      <translation>Interpreter, aus dem die Umgebung erstellt wird; ohne Angabe wird einer gesucht.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Folder of wheels</source>
      <translation>Ordner mit Wheels</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Install from these files, without a network; see the help.</source>
      <translation>Aus diesen Dateien installieren, ohne Netz; siehe Hilfe.</translation>
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
      <source>Maximum time for fine-tuning KSDiff to the scene before sharpening, in seconds, done only if a test shows that it lowers the error; 0 = off.</source>
      <translation>Höchstzeit für die Feinabstimmung von KSDiff auf die Szene vor dem Schärfen, in Sekunden; nur wenn ein Test zeigt, dass sie den Fehler senkt; 0 = aus.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>The coarser image with the spectral bands; it must overlap PAN and be georeferenced.</source>
      <translation>Das gröbere Bild mit den Spektralkanälen; es muss PAN überlappen und georeferenziert sein.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Align multispectral to PAN</source>
      <translation>Multispektralbild an PAN ausrichten</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Preparation</source>
      <translation>Vorbereitung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>Measures the shift between MS and PAN to a fraction of a pixel, and corrects it.</source>
      <translation>Misst den Versatz zwischen MS und PAN auf Bruchteile eines Pixels und korrigiert ihn.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/align.py" />
      <source>pansharpen,align,registration,coregistration,shift,offset,phase correlation</source>
      <translation>pansharpen,ausrichten,registrierung,koregistrierung,verschiebung,versatz,phasenkorrelation</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>If not 0, the fine-tuned methods are also compared, which takes twice that time per scene and resolution.</source>
      <translation>Bei mehr als 0 werden auch die feinabgestimmten Verfahren verglichen; das dauert das Doppelte dieser Zeit je Szene und Auflösung.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Set the fine-tuning time: {} needs it.</source>
      <translation>Bitte die Zeit für die Feinabstimmung angeben: {} braucht sie.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Compare methods on scenes</source>
      <translation>Verfahren an Szenen vergleichen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Evaluation</source>
      <translation>Bewertung</translation>
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
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>Only the method 'scene-fit' has a fit to use or to save: choose that method, or no fit.</source>
      <translation>Nur das Verfahren 'scene-fit' hat eine Anpassung, die verwendet oder gespeichert werden kann: dieses Verfahren wählen, oder keine Anpassung.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>The fit does not exist: {}</source>
      <translation>Die Anpassung gibt es nicht: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>The fit to use again has its own number of passes: leave 'Back-projection passes' empty.</source>
      <translation>Die wiederverwendete Anpassung hat ihre eigene Anzahl von Durchgängen: 'Rückprojektion: Durchgänge' leer lassen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>'exp' only interpolates, without back-projection: leave 'Back-projection passes' empty, or choose another method.</source>
      <translation>'exp' interpoliert nur, ohne Rückprojektion: 'Rückprojektion: Durchgänge' leer lassen oder ein anderes Verfahren wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>Classical pansharpening</source>
      <translation>Klassisches Pansharpening</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>A fast fit to the scene, Brovey, GSA, MTF-GLP-FS and others, or the best.</source>
      <translation>Schnelle Anpassung an die Szene, Brovey, GSA, MTF-GLP-FS und andere, oder das beste.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>pansharpen,pan-sharpening,fusion,fast,scene fit,brovey,gram-schmidt,gsa,bt-h,mtf-glp,hpm,awlp,bdsd</source>
      <translation>pansharpen,pan-sharpening,schärfen,fusion,schnell,anpassung,brovey,gram-schmidt,gsa,bt-h,mtf-glp,hpm,awlp,bdsd</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/creation_options.py" />
      <source>values are lost</source>
      <translation>Werte gehen verloren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/creation_options.py" />
      <source>GDAL cannot write {} bands of the type {} with the creation options {}: {}</source>
      <translation>GDAL kann {} Kanäle vom Typ {} mit den Erzeugungsoptionen {} nicht schreiben: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/devices.py" />
      <source>NVIDIA GPU (CUDA)</source>
      <translation>NVIDIA-GPU (CUDA)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/devices.py" />
      <source>NVIDIA GPU 2 (CUDA)</source>
      <translation>NVIDIA-GPU 2 (CUDA)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/devices.py" />
      <source>NVIDIA GPU 3 (CUDA)</source>
      <translation>NVIDIA-GPU 3 (CUDA)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/devices.py" />
      <source>NVIDIA GPU 4 (CUDA)</source>
      <translation>NVIDIA-GPU 4 (CUDA)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/devices.py" />
      <source>Automatic</source>
      <translation>Automatisch</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/files.py" />
      <source>The output must not be one of the inputs or other outputs: {}</source>
      <translation>Die Ausgabe darf keine der Eingaben oder anderen Ausgaben sein: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/files.py" />
      <source>The name of the output must end in {}: {}</source>
      <translation>Der Name der Ausgabe muss auf {} enden: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/files.py" />
      <source>The folder of the output does not exist: {}</source>
      <translation>Den Ordner der Ausgabe gibt es nicht: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/files.py" />
      <source>The output must not be a file that an input is read from: {} ({})</source>
      <translation>Die Ausgabe darf keine Datei sein, aus der eine Eingabe gelesen wird: {} ({})</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/files.py" />
      <source>Scenes are a folder, or a {} file, not {}</source>
      <translation>Szenen sind ein Ordner oder eine Datei mit der Endung {}, nicht {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/files.py" />
      <source> or </source>
      <translation> oder </translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/files.py" />
      <source>The folder does not exist: {}</source>
      <translation>Den Ordner gibt es nicht: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/first_run_estimate.py" />
      <source>two processor cores</source>
      <translation>zwei Prozessorkernen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/first_run_estimate.py" />
      <source>a data centre's GPU (NVIDIA H100)</source>
      <translation>einer GPU für Rechenzentren (NVIDIA H100)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>to sharpen</source>
      <translation>zu schärfen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>no pair</source>
      <translation>kein Paar</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>left out</source>
      <translation>ausgelassen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>sharpened</source>
      <translation>geschärft</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>exists, is kept</source>
      <translation>schon da, bleibt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>cannot be sharpened</source>
      <translation>kann nicht geschärft werden</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>Give a folder of pairs or a table of files, one of the two.</source>
      <translation>Einen Ordner mit Paaren oder eine Tabelle von Dateien angeben, eins von beiden.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>The table does not exist: {}</source>
      <translation>Die Tabelle gibt es nicht: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>Cancelled. Run it again with the same folder for the results to continue.</source>
      <translation>Abgebrochen. Noch einmal gestartet, mit demselben Ordner für die Ergebnisse, geht es weiter.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>Sharpened: {}; already there: {}; not sharpened: {}.</source>
      <translation>Geschärft: {}; schon da: {}; nicht geschärft: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>Pairs found: {}; nothing was sharpened.</source>
      <translation>Gefundene Paare: {}; geschärft wurde nichts.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>The results are in a temporary folder, which QGIS deletes when it closes.</source>
      <translation>Die Ergebnisse liegen in einem temporären Ordner, den QGIS beim Schließen löscht.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>method</source>
      <translation>Verf.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>pair</source>
      <translation>Paar</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>remark</source>
      <translation>Bemerkung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>seconds</source>
      <translation>Sek.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>state</source>
      <translation>Stand</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>Tables</source>
      <translation>Tabellen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>For each pair.</source>
      <translation>Für jedes Paar.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>Pansharpen a folder</source>
      <translation>Einen Ordner schärfen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>Sharpens all pairs of a folder, or of a table of files.</source>
      <translation>Schärft alle Paare eines Ordners oder einer Tabelle von Dateien.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/folder.py" />
      <source>pansharpen,pan-sharpening,batch,folder,many,table,csv,resume</source>
      <translation>pansharpen,pan-sharpening,schärfen,stapel,ordner,viele,tabelle,csv,fortsetzen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/ksdiff.py" />
      <source>The method 'auto' (best for this scene) needs the comparison: tick 'Compare with the other methods', or choose another method.</source>
      <translation>Das Verfahren 'auto' (das beste für diese Szene) braucht den Vergleich: 'Mit den anderen Verfahren vergleichen' ankreuzen oder ein anderes Verfahren wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/ksdiff.py" />
      <source>{} pansharpening</source>
      <translation>{}-Pansharpening</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/ksdiff.py" />
      <source>Sharpens a multispectral image with a finer panchromatic one.</source>
      <translation>Schärft ein Multispektralbild mit einem feineren panchromatischen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/ksdiff.py" />
      <source>pansharpen,pan-sharpening,fusion,multispectral,satellite,deep learning,diffusion</source>
      <translation>pansharpen,pan-sharpening,schärfen,fusion,multispektral,satellit,deep learning,diffusion</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/methods.py" />
      <source>fine-tuned KSDiff</source>
      <translation>feinabgestimmtes KSDiff</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/methods.py" />
      <source>fine-tuned SRINO</source>
      <translation>feinabgestimmtes SRINO</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/methods.py" />
      <source>scene fit</source>
      <translation>Szenenanpassung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/methods.py" />
      <source>interpolated</source>
      <translation>interpoliert</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/methods.py" />
      <source>Best for this scene</source>
      <translation>Das beste für diese Szene</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/methods.py" />
      <source>Best for this scene, fine-tuned</source>
      <translation>Das beste für diese Szene, fein abgestimmt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/methods.py" />
      <source>Best without a network</source>
      <translation>Bestes ohne Netz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/methods.py" />
      <source>Fast (scene fit)</source>
      <translation>Schnell (Anpassung an die Szene)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/methods.py" />
      <source>Interpolation only</source>
      <translation>Nur Interpolation</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/methods.py" />
      <source>{} with back-projection</source>
      <translation>{} mit Rückprojektion</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/methods.py" />
      <source>{} cannot use the model '{}': {}. Usable models: {}.</source>
      <translation>{} kann das Modell '{}' nicht verwenden: {}. Brauchbare Modelle: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Weights: GPL-2.0-or-later, with the attributions in the file ATTRIBUTION.</source>
      <translation>Gewichte: GPL-2.0-or-later, mit den Namensnennungen in der Datei ATTRIBUTION.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Trained by training/recipes/ksdiff-scene.json; see docs/ksdiff.md.</source>
      <translation>Trainiert nach training/recipes/ksdiff-scene.json, siehe docs/ksdiff.md.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Trained by training/recipes/srino-scene.json; see docs/srino.md.</source>
      <translation>Trainiert nach training/recipes/srino-scene.json, siehe docs/srino.md.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Wald, reduced resolution, whole image, float results; mean over scenes; PAN by antialiased bicubic (RR) and under an MTF of 0.15 (RR-MTF); python -m core bench</source>
      <translation>Wald, verringerte Auflösung, ganzes Bild, Ergebnisse als Gleitkommazahlen; Mittel über die Szenen; PAN bikubisch mit Tiefpass (RR) und unter einer MTF von 0,15 (RR-MTF); python -m core bench</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>Give the name of the model to delete.</source>
      <translation>Bitte den Namen des Modells angeben, das gelöscht werden soll.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>The model file does not exist: {}</source>
      <translation>Die Modelldatei gibt es nicht: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>none given</source>
      <translation>keine angegeben</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>The model is complete and usable: {}</source>
      <translation>Das Modell ist vollständig und brauchbar: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>The model was imported: {}</source>
      <translation>Das Modell wurde importiert: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>The card was written: {}</source>
      <translation>Die Karte wurde geschrieben: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>1 band</source>
      <translation>1 Kanal</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>{} bands</source>
      <translation>{} Kanäle</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/models.py" />
      <source>any number of bands</source>
      <translation>beliebig viele Kanäle</translation>
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
      <location filename="../../ksdiff_qgis/algorithms/network.py" />
      <source>The network was fine-tuned</source>
      <translation>Das Netz wurde feinabgestimmt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/network.py" />
      <source>Before sharpening, {0} is trained on the scene itself: at reduced resolution, where the original MS is the reference, and at full resolution, where the result must agree with MS and PAN. It is used only if a test at reduced resolution shows that it lowers the error; the log shows by how much. It needs the package torch in the plugin's Python environment; without it the network is used as it is.</source>
      <translation>Vor dem Schärfen wird {0} an der Szene selbst trainiert: bei verringerter Auflösung, wo das ursprüngliche MS die Referenz ist, und bei voller Auflösung, wo das Ergebnis zu MS und PAN passen muss. Verwendet wird das nur, wenn ein Test bei verringerter Auflösung zeigt, dass es den Fehler senkt; das Protokoll zeigt, um wie viel. Es braucht das Paket torch in der Python-Umgebung der Erweiterung; ohne torch wird das Netz unverändert verwendet.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/network.py" />
      <source>The model 'custom' needs a model file (advanced parameter).</source>
      <translation>Das Modell 'custom' braucht eine Modelldatei (erweiterter Parameter).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pair_algorithm.py" />
      <source>Choose PAN and MS, or a delivered product that has both.</source>
      <translation>PAN und MS wählen, oder ein geliefertes Produkt, das beide hat.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pair_algorithm.py" />
      <source>A delivered product contains PAN and MS: leave '{}' empty, or give no product.</source>
      <translation>Ein geliefertes Produkt enthält PAN und MS: '{}' leer lassen, oder kein Produkt angeben.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pair_algorithm.py" />
      <source>If MS has further layers, all their bands are used: choose no 'Bands of MS', and only the layers to use.</source>
      <translation>Hat MS weitere Layer, werden alle ihre Kanäle verwendet: keine 'Kanäle von MS' wählen, und nur die Layer, die verwendet werden sollen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpening.py" />
      <source>PAN cannot be made from the bands of '{}': it has only one.</source>
      <translation>Aus den Kanälen von '{}' lässt sich kein PAN bilden: es hat nur einen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpening.py" />
      <source>'{}' cannot be used if each band of MS gets its own PAN: leave it empty.</source>
      <translation>'{}' ist nicht möglich, wenn jeder Kanal von MS ein eigenes PAN bekommt: leer lassen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpening.py" />
      <source>Creation options are written NAME=VALUE, not '{}'.</source>
      <translation>Erzeugungsoptionen haben die Form NAME=WERT, nicht '{}'.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpening.py" />
      <source>A fit cannot be made on this scene; see the log.</source>
      <translation>Auf dieser Szene ist keine Anpassung möglich; siehe das Protokoll.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpening.py" />
      <source>Sharpened by {}.</source>
      <translation>Geschärft mit {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpening.py" />
      <source>Passes of back-projection: {}.</source>
      <translation>Durchgänge der Rückprojektion: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpening.py" />
      <source>It was chosen by the user.</source>
      <translation>Es wurde vom Benutzer gewählt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpening.py" />
      <source>The methods could not be compared on this scene; see the log.</source>
      <translation>Die Verfahren konnten an dieser Szene nicht verglichen werden; siehe Protokoll.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpening.py" />
      <source>{} was selected, but cannot be used; see the log.</source>
      <translation>{} wurde gewählt, kann aber nicht verwendet werden; siehe das Protokoll.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpening.py" />
      <source>It had the lowest expected error on this scene.</source>
      <translation>Es hatte hier den kleinsten erwarteten Fehler.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>In commands and scripts, give the word (--{}={}): numbers may change.</source>
      <translation>In Befehlen und Skripten das Wort angeben (--{}={}): Nummern können sich ändern.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Not usable here: {}.</source>
      <translation>Hier nicht brauchbar: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/products.py" />
      <source>The product does not exist: {}. Choose its folder, or one of its metadata files.</source>
      <translation>Das Produkt existiert nicht: {}. Seinen Ordner oder eine seiner Metadatendateien wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/products.py" />
      <source>No PAN and MS of a product were found in {}. Known layouts are: {}. Unpack an archive first. Otherwise choose the files of PAN and MS.</source>
      <translation>In {} wurden PAN und MS eines Produkts nicht gefunden. Bekannt sind: {}. Ein Archiv zuerst entpacken. Sonst die Dateien von PAN und MS wählen.</translation>
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
      <source>Consistency with MS, after degrading to its resolution</source>
      <translation>Übereinstimmung mit MS, nach Vergröbern auf dessen Auflösung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>The image is shifted by {:.2f} rows and {:.2f} columns against {} (PAN pixels).</source>
      <translation>Das Bild ist um {:.2f} Zeilen und {:.2f} Spalten gegen {} versetzt (PAN-Pixel).</translation>
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
      <source>pansharpen,quality,assess,sam,ergas,q2n,q4,q8,scc,psnr,ssim,qnr,hqnr,report</source>
      <translation>pansharpen,güte,qualität,beurteilen,sam,ergas,q2n,q4,q8,scc,psnr,ssim,qnr,hqnr,bericht</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Python</source>
      <translation>Python</translation>
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
      <source>missing: no fine-tuning, no training</source>
      <translation>fehlt: keine Feinabstimmung, kein Training</translation>
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
      <source>Ready to sharpen: the self-test sharpened a tiny pair on: {}.</source>
      <translation>Bereit zu schärfen: Der Selbsttest hat ein winziges Paar geschärft auf: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Check runtime</source>
      <translation>Laufzeitumgebung prüfen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/runtime.py" />
      <source>Runtime</source>
      <translation>Laufzeitumgebung</translation>
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
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>Simulate reduced resolution</source>
      <translation>Verringerte Auflösung simulieren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>A reduced-resolution pair and its reference, by Wald's protocol.</source>
      <translation>Ein Paar verringerter Auflösung und seine Referenz, nach dem Protokoll von Wald.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>pansharpen,wald,protocol,reduced resolution,degrade,mtf,reference</source>
      <translation>pansharpen,wald,protokoll,verringerte auflösung,vergröbern,mtf,referenz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>Error bar (90 % interval)</source>
      <translation>Fehlerbalken (90-%-Intervall)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>Half the width of the 90 % interval of each pixel and band, in DN. It is an estimate, no guarantee, and does not include errors that the whole scene has in common.</source>
      <translation>Halbe Breite des 90-%-Intervalls jedes Pixels und Kanals, in DN. Es ist eine Schätzung, keine Garantie, und enthält keine Fehler, die der ganzen Szene gemeinsam sind.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>Sharpens a multispectral image by diffusion, with an error bar of each pixel.</source>
      <translation>Schärft ein Multispektralbild durch Diffusion, mit einem Fehlerbalken jedes Pixels.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>SRINO pansharpening</source>
      <translation>SRINO-Pansharpening</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>pansharpen,pan-sharpening,fusion,multispectral,satellite,deep learning,diffusion,neural operator,uncertainty,spread,error bar</source>
      <translation>pansharpen,pan-sharpening,schärfen,fusion,multispektral,satellit,deep learning,diffusion,neuronaler operator,unsicherheit,streuung,fehlerbalken</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/toolbox_entry.py" />
      <source>en</source>
      <translation>de</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Model file</source>
      <translation>Modelldatei</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Not a training set ({}): {}. 'Prepare training set' makes one.</source>
      <translation>Kein Trainingssatz ({}): {}. 'Trainingssatz vorbereiten' macht einen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Run folder: {}</source>
      <translation>Ordner des Laufs: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Continuing the training stopped there.</source>
      <translation>Das dort angehaltene Training wird fortgesetzt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>The training was stopped or failed; see the log of its dialog.</source>
      <translation>Das Training wurde angehalten oder ist gescheitert; siehe das Protokoll seines Dialogs.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Stopped. Run it again with the same run folder to continue: {} (if a step takes more than half a minute, up to a minute of work is repeated).</source>
      <translation>Angehalten. Zum Fortsetzen mit demselben Laufordner erneut starten: {} (dauert ein Schritt länger als eine halbe Minute, so wird bis zu einer Minute Arbeit wiederholt).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>The model '{}' is ready. {}</source>
      <translation>Das Modell '{}' ist fertig. {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>It has no validation scores.</source>
      <translation>Es hat keine Validierungswerte.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Training sets</source>
      <translation>Trainingssätze</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Train for a sensor</source>
      <translation>Für einen Sensor trainieren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>Trains a KSDiff or SRINO model for your sensor on a training set.</source>
      <translation>Trainiert ein Modell von KSDiff oder SRINO für Ihren Sensor an einem Trainingssatz.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/train.py" />
      <source>training,fine-tuning,model,sensor,network,pansharpening,resume</source>
      <translation>training,feinabstimmung,modell,sensor,netz,pansharpening,fortsetzen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Give PAN and MS layers, at least one of each, or a folder of pairs.</source>
      <translation>Bitte PAN- und MS-Layer angeben, je mindestens einen, oder einen Ordner mit Paaren.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>No MS layer matches a PAN layer: they must overlap, and PAN must have one band and finer pixels.</source>
      <translation>Kein MS-Layer passt zu einem PAN-Layer: Sie müssen sich überlappen, und PAN muss einen Kanal und feinere Pixel haben.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>unknown</source>
      <translation>unbekannt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Pairs: {PAIRS}, bands: {BANDS}. Patches to train on: {PATCHES}, held out: {HELD_OUT_PATCHES}, synthetic scenes: {MADE_UP}; {MB} MB. Sensors: {SENSORS}. Pairs left out: {REFUSED}.</source>
      <translation>Paare: {PAIRS}, Kanäle: {BANDS}. Ausschnitte zum Trainieren: {PATCHES}, zurückgehalten: {HELD_OUT_PATCHES}, künstliche Szenen: {MADE_UP}; {MB} MB. Sensoren: {SENSORS}. Ausgelassene Paare: {REFUSED}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>'{}' is left out: no other layer matches it.</source>
      <translation>'{}' wird ausgelassen: kein anderer Layer passt dazu.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Of the ground, {trained:.0%} is used for training and {held_out:.0%} is held out for validation. Left out are {no_data:.0%} without data or next to missing data, and {between:.0%} between the two.</source>
      <translation>Von der Fläche dienen {trained:.0%} dem Training, {held_out:.0%} werden für die Bewertung zurückgehalten. Ausgelassen werden {no_data:.0%} ohne Daten oder neben fehlenden Daten und {between:.0%} zwischen beiden.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Give the bands of MS as numbers from 1, e.g. 1,2,3.</source>
      <translation>Die Kanäle von MS als Zahlen ab 1 angeben, z. B. 1,2,3.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Prepare training set</source>
      <translation>Trainingssatz vorbereiten</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>Makes one training file of PAN and MS pairs of a sensor.</source>
      <translation>Macht aus PAN-MS-Paaren eines Sensors eine Trainingsdatei.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/trainingset.py" />
      <source>training,pansharpening,sensor,patches,model,fine-tuning,wald</source>
      <translation>training,pansharpening,sensor,ausschnitte,modell,feinabstimmung,wald</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/values.py" />
      <source>'{}': of {} layers only {} are rasters that can be read.</source>
      <translation>'{}': von {} Layern sind nur {} lesbare Raster.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/worker_algorithm.py" />
      <source>Cancelled; nothing was written.</source>
      <translation>Abgebrochen; es wurde nichts geschrieben.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/worker_algorithm.py" />
      <source>{} cannot be '{}'. Give one of these words: {}.</source>
      <translation>{} kann nicht '{}' sein. Bitte eines dieser Wörter angeben: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/workflow.py" />
      <source>The model file, to open in the model designer: {}</source>
      <translation>Die Modelldatei, in der Modellierung zu öffnen: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/workflow.py" />
      <source>Align, sharpen and assess</source>
      <translation>Ausrichten, schärfen und beurteilen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/workflow.py" />
      <source>Pansharpening</source>
      <translation>Pansharpening</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/workflow.py" />
      <source>Aligns MS to PAN, sharpens it and assesses the result in one run.</source>
      <translation>Richtet MS an PAN aus, schärft es und bewertet das Ergebnis in einem Lauf.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/workflow.py" />
      <source>pansharpen,pan-sharpening,workflow,model,align,quality,report</source>
      <translation>pansharpen,pan-sharpening,arbeitsablauf,modell,ausrichten,güte,bericht</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/compare.py" />
      <source>{}: before</source>
      <translation>{}: vorher</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>Training curve</source>
      <translation>Trainingskurve</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>step</source>
      <translation>Schritt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>Training status</source>
      <translation>Stand des Trainings</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>Validation error</source>
      <translation>Validierungsfehler</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>Solid: loss of stage 1. Dashed: loss of stage 2. Lower is better.</source>
      <translation>Durchgezogen: Verlust der Stufe 1. Gestrichelt: Verlust der Stufe 2. Kleiner ist besser.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>Starting the training…</source>
      <translation>Das Training wird gestartet…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>Stage {} of 2, step {} of {}, loss {:.4f}</source>
      <translation>Stufe {} von 2, Schritt {} von {}, Verlust {:.4f}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>Validation ERGAS: {}</source>
      <translation>Validierungs-ERGAS: {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/curve.py" />
      <source>KSDiff: training of {}</source>
      <translation>KSDiff: Training von {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/dialogs.py" />
      <source>Several layers match</source>
      <translation>Mehrere Layer passen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/editmodel.py" />
      <source>Edit a Copy of the Model…</source>
      <translation>Eine Kopie des Modells bearbeiten…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/estimatelabel.py" />
      <source>Time and memory can be estimated after the first run of this kind.</source>
      <translation>Zeit und Speicher lassen sich nach dem ersten Lauf dieser Art schätzen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/estimatelabel.py" />
      <source>File: up to {}. Time and memory can be estimated after the first run of this kind.</source>
      <translation>Datei: bis zu {}. Zeit und Speicher lassen sich nach dem ersten Lauf dieser Art schätzen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/estimatelabel.py" />
      <source>up to {} of memory</source>
      <translation>bis zu {} Arbeitsspeicher</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/estimatelabel.py" />
      <source>{} of memory</source>
      <translation>{} Arbeitsspeicher</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/estimatelabel.py" />
      <source>a file of up to {}</source>
      <translation>eine Datei von bis zu {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/estimatelabel.py" />
      <source>a file of {}</source>
      <translation>eine Datei von {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/estimatelabel.py" />
      <source>Expected from the last runs of this kind: {}.</source>
      <translation>Erwartet nach den letzten Läufen dieser Art: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/estimatelabel.py" />
      <source>There was no run of this kind here yet. Measured elsewhere, on {}: {}.</source>
      <translation>Hier gab es noch keinen Lauf dieser Art. Anderswo gemessen, auf {}: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/fields.py" />
      <source>Fine-tune to each scene, up to</source>
      <translation>An jede Szene anpassen, höchstens</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/fields.py" />
      <source>Fine-tune to this scene, up to</source>
      <translation>An diese Szene anpassen, höchstens</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/fields.py" />
      <source>Fine-tune to this scene (needs the runtime 'full')</source>
      <translation>An diese Szene anpassen (braucht 'full')</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/fields.py" />
      <source>Fine-tune to each scene (needs the runtime 'full')</source>
      <translation>An jede Szene anpassen (braucht 'full')</translation>
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
      <location filename="../../ksdiff_qgis/gui/help.py" />
      <source>[Choosing a method]({}) · [Every parameter]({}) · [Contents]({})</source>
      <translation>[Verfahren wählen]({}) · [Alle Parameter]({}) · [Inhalt]({})</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/help.py" />
      <source>index.md</source>
      <translation>deutsch.md</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/mainmenu.py" />
      <source>&amp;Pansharpen…</source>
      <translation>&amp;Schärfen…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/mainmenu.py" />
      <source>Pansharpen a &amp;folder…</source>
      <translation>Einen &amp;Ordner schärfen…</translation>
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
      <location filename="../../ksdiff_qgis/gui/mainmenu.py" />
      <source>Pansharpen with KSDiff…</source>
      <translation>Mit KSDiff schärfen…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/message_bar.py" />
      <source>Open the report</source>
      <translation>Bericht öffnen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/message_bar.py" />
      <source>Open the folder</source>
      <translation>Ordner öffnen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/message_bar.py" />
      <source>Before and after</source>
      <translation>Vorher und nachher</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/message_bar.py" />
      <source>One of the two layers is no longer in the project.</source>
      <translation>Einer der beiden Layer ist nicht mehr im Projekt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/message_bar.py" />
      <source>Open Runtime…</source>
      <translation>Laufzeitumgebung öffnen…</translation>
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
      <source>The run failed; see the log messages of QGIS.</source>
      <translation>Der Lauf ist gescheitert; siehe die Protokollnachrichten von QGIS.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Nothing was changed</source>
      <translation>Nichts wurde geändert</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Method</source>
      <translation>Verfahren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Bands</source>
      <translation>Kanäle</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Sensors</source>
      <translation>Sensoren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Licence</source>
      <translation>Lizenz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Usable for</source>
      <translation>Brauchbar für</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Location</source>
      <translation>Ort</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Size</source>
      <translation>Größe</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Model card</source>
      <translation>Modellkarte</translation>
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
      <source>{:.1f} MB</source>
      <translation>{:.1f} MB</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>shipped with the plugin</source>
      <translation>mit der Erweiterung geliefert</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Not usable: {}.</source>
      <translation>Nicht brauchbar: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Trained for pixel size ratios from {:g} to {:g}.</source>
      <translation>Trainiert für Verhältnisse der Pixelgrößen von {:g} bis {:g}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>The card has no scores.</source>
      <translation>Die Karte hat keine Werte.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/models.py" />
      <source>Data set</source>
      <translation>Datensatz</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/pairdialog.py" />
      <source>Preview</source>
      <translation>Vorschau</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/pairdialog.py" />
      <source>Only layers can be previewed: load PAN and MS of the product.</source>
      <translation>Nur Layer lassen sich in der Vorschau zeigen: Laden Sie PAN und MS des Produkts.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/pairtable.py" />
      <source>Pairs</source>
      <translation>Paare</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/pairtable.py" />
      <source>Pair</source>
      <translation>Paar</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/pairtable.py" />
      <source>Remark</source>
      <translation>Anmerkung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/pairtable.py" />
      <source>Result</source>
      <translation>Ergebnis</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/pairtable.py" />
      <source>State</source>
      <translation>Zustand</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/pairtable.py" />
      <source>Choose a folder or a table: its pairs are shown here.</source>
      <translation>Wählen Sie einen Ordner oder eine Tabelle: die Paare stehen dann hier.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/pairtable.py" />
      <source>Looking for pairs…</source>
      <translation>Paare werden gesucht …</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/pairtable.py" />
      <source>To sharpen: {} of {}.</source>
      <translation>Zu schärfen: {} von {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/preview.py" />
      <source>waiting…</source>
      <translation>wartet …</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/preview.py" />
      <source>KSDiff: preview</source>
      <translation>KSDiff: Vorschau</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/preview.py" />
      <source>Run on the whole scene</source>
      <translation>Auf die ganze Szene anwenden</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/preview.py" />
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/preview.py" />
      <source>Each method is fitted to this part only, without fine-tuning: the result of the whole scene may differ a little.</source>
      <translation>Jedes Verfahren ist nur an diesen Teil angepasst, ohne Feinabstimmung: das Ergebnis der ganzen Szene kann etwas anders aussehen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/preview.py" />
      <source>cancelled</source>
      <translation>abgebrochen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/preview.py" />
      <source>sharpening…</source>
      <translation>schärft …</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/preview.py" />
      <source>{:.1f} s</source>
      <translation>{:.1f} s</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/preview.py" />
      <source>sharpening… {:.0f} %</source>
      <translation>schärft … {:.0f} %</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/preview.py" />
      <source>failed</source>
      <translation>misslungen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/preview.py" />
      <source>The map does not show the pair: zoom to it for a preview.</source>
      <translation>Die Karte zeigt das Paar nicht: für eine Vorschau dorthin zoomen.</translation>
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
      <location filename="../../ksdiff_qgis/gui/runtime.py" />
      <source>This needs the size full; the size light is installed.</source>
      <translation>Dafür wird die Größe full gebraucht; installiert ist light.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/selected_layers.py" />
      <source>'{}' and '{}' match best; also possible: {}. Please check the two inputs.</source>
      <translation>'{}' und '{}' passen am besten; möglich sind auch: {}. Bitte beide Eingaben prüfen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/selected_layers.py" />
      <source>Only raster files can be sharpened, not {}: choose PAN and MS.</source>
      <translation>Nur Rasterdateien lassen sich schärfen, nicht {}: bitte PAN und MS wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/selected_layers.py" />
      <source>No matching PAN and MS were found: choose both.</source>
      <translation>Es wurden kein PAN und MS gefunden, die zusammenpassen: bitte beide wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/selected_layers.py" />
      <source>The project has no finer PAN that overlaps '{}': choose one.</source>
      <translation>Das Projekt hat kein feineres PAN, das '{}' überlappt: bitte eines wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/selected_layers.py" />
      <source>The project has no coarser MS that overlaps '{}': choose one.</source>
      <translation>Das Projekt hat kein gröberes MS, das '{}' überlappt: bitte eines wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/stylebuttons.py" />
      <source>KSDiff: styles</source>
      <translation>KSDiff: Stile</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>KSDiff: train for a sensor</source>
      <translation>KSDiff: für einen Sensor trainieren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>Pairs of layers</source>
      <translation>Paare von Layern</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>Or a &amp;folder of pairs:</source>
      <translation>Oder ein &amp;Ordner mit Paaren:</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>&amp;Name of the new model:</source>
      <translation>&amp;Name des neuen Modells:</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>&amp;Method:</source>
      <translation>&amp;Verfahren:</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>A model learns your sensor from pairs of PAN and MS. One large scene is enough to begin with; several of different landscapes are better. Leave out cloudy ones.</source>
      <translation>Ein Modell lernt Ihren Sensor aus Paaren von PAN und MS. Eine große Szene genügt für den Anfang; mehrere verschiedener Landschaften sind besser. Lassen Sie bewölkte weg.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>Map of the ground</source>
      <translation>Karte der Fläche</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>{} hours</source>
      <translation>{} Stunden</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>{} minutes</source>
      <translation>{} Minuten</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>Train for a&amp;bout:</source>
      <translation>Trainieren für &amp;etwa:</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>Blue: trained on. Orange: held out, the model is scored there. Grey: left out.</source>
      <translation>Blau: Training. Orange: zurückgehalten, dort wird das Modell bewertet. Grau: ausgelassen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>The number of steps is what this device does in that time; it is measured first. The training can be stopped and continued.</source>
      <translation>Die Zahl der Schritte ist das, was dieses Gerät in dieser Zeit schafft; das wird zuerst gemessen. Das Training lässt sich anhalten und fortsetzen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>Bac&amp;k</source>
      <translation>&amp;Zurück</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>&amp;Stop</source>
      <translation>&amp;Anhalten</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>&amp;Delete the model</source>
      <translation>Modell &amp;löschen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>Ground and time</source>
      <translation>Fläche und Zeit</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>Images</source>
      <translation>Bilder</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>Training</source>
      <translation>Training</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>&amp;Look at the ground</source>
      <translation>Fläche &amp;ansehen</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>&amp;Train</source>
      <translation>&amp;Trainieren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>&amp;Use this model…</source>
      <translation>Modell &amp;verwenden…</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>There is no pair of PAN and MS in the project.</source>
      <translation>Im Projekt gibt es kein Paar von PAN und MS.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>Choose a pair of layers, or a folder of pairs.</source>
      <translation>Wählen Sie ein Paar von Layern oder einen Ordner mit Paaren.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>Pairs: {}. Patches to train on: {}, held out: {}.</source>
      <translation>Paare: {}. Ausschnitte zum Trainieren: {}, zurückgehalten: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>Pairs left out:</source>
      <translation>Ausgelassene Paare:</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>There is too little ground to hold any out: the model will have no scores.</source>
      <translation>Die Fläche ist zu klein, um etwas zurückzuhalten: Das Modell wird keine Werte haben.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>Delete the model '{}'?</source>
      <translation>Das Modell '{}' löschen?</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/training.py" />
      <source>Stopped. Press Train again to continue with the same name and images.</source>
      <translation>Angehalten. Drücken Sie noch einmal Trainieren, um mit demselben Namen und denselben Bildern fortzufahren.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/trainingresult.py" />
      <source>Scores on held-out ground</source>
      <translation>Werte auf der zurückgehaltenen Fläche</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/trainingresult.py" />
      <source>Scores on held-out ground at reduced resolution, where MS is the reference. ERGAS and SAM: lower is better. Q2n: higher is better, 1 at most. They hold for these scenes only: on every other scene the model is tested again before it is used.</source>
      <translation>Werte auf der zurückgehaltenen Fläche bei verringerter Auflösung, wo MS die Referenz ist. ERGAS und SAM: kleiner ist besser. Q2n: größer ist besser, höchstens 1. Sie gelten nur für diese Szenen: Auf jeder anderen wird das Modell neu geprüft, bevor es verwendet wird.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/trainingresult.py" />
      <source>Nothing was held out, so it is not known whether the model is better.</source>
      <translation>Es wurde nichts zurückgehalten; ob das Modell besser ist, ist daher nicht bekannt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/trainingresult.py" />
      <source>The model is better.</source>
      <translation>Das Modell ist besser.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/trainingresult.py" />
      <source>The model is not better.</source>
      <translation>Das Modell ist nicht besser.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/trainingresult.py" />
      <source>Its ERGAS would have to be lower than both others.</source>
      <translation>Sein ERGAS müsste kleiner sein als die beiden anderen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/trainingresult.py" />
      <source>Its ERGAS is lower than those of the others.</source>
      <translation>Sein ERGAS ist kleiner als die der anderen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/trainingresult.py" />
      <source>Better by {}: {}.</source>
      <translation>Nach {} besser: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/trainingresult.py" />
      <source>Scene fit</source>
      <translation>Szenenanpassung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/trainingresult.py" />
      <source>Weights before</source>
      <translation>Gewichte vorher</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/trainingresult.py" />
      <source>Your model</source>
      <translation>Ihr Modell</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>{} '{}' has no band {}, only {}.</source>
      <translation>{} '{}' hat keinen Kanal {}, nur {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>A band of {} '{}' was chosen twice.</source>
      <translation>Ein Kanal von {} '{}' wurde zweimal gewählt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>'{}' has {} bands: choose the panchromatic one (advanced parameter 'Band of PAN'), or another layer as PAN.</source>
      <translation>'{}' hat {} Kanäle: den panchromatischen wählen (erweiterter Parameter 'Kanal von PAN'), oder einen anderen Layer als PAN.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>'{}' has {}, but {} of MS are compared with it: choose the matching ones in 'Bands of MS'.</source>
      <translation>'{}' hat {}, aber {} von MS werden damit verglichen: bitte die passenden unter 'Kanäle von MS' wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>PAN and MS are the same file. Choose the finer, panchromatic image as PAN.</source>
      <translation>PAN und MS sind dieselbe Datei. Als PAN das feinere, panchromatische Bild wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>'{}' and '{}' do not overlap.</source>
      <translation>'{}' und '{}' überlappen sich nicht.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>PAN and MS are swapped: '{}' has smaller pixels than '{}'. Exchange them.</source>
      <translation>PAN und MS sind vertauscht: '{}' hat kleinere Pixel als '{}'. Tauschen Sie sie.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>The pixels of PAN '{}' are not finer than those of MS '{}'.</source>
      <translation>Die Pixel von PAN '{}' sind nicht feiner als die von MS '{}'.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>PAN is in {}, MS in {}: one of them may be declared wrongly.</source>
      <translation>PAN liegt in {}, MS in {}: eines davon ist vielleicht falsch angegeben.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>QGIS shows '{}' in {}, but its file has {}, and KSDiff reads the file: assign the right CRS to the file (Raster &gt; Projections &gt; Assign Projection), or correct that of the layer.</source>
      <translation>QGIS zeigt '{}' in {}, aber die Datei ist in {}, und KSDiff liest die Datei: Weisen Sie der Datei das richtige KBS zu (Raster &gt; Projektionen &gt; Projektion zuweisen) oder berichtigen Sie das des Layers.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>The files have no CRS, so the output files will have none: set it to {} for each result (layer menu &gt; Layer CRS).</source>
      <translation>Die Dateien haben kein KBS, also bekommen auch die Ausgaben keines: Setzen Sie es bei jedem Ergebnis auf {} (Layermenü &gt; Layer-KBS).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>no CRS</source>
      <translation>keinem KBS</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>a CRS without a code</source>
      <translation>einem KBS ohne Kennung</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>its pixels are {:.4g} x {:.4g} of the other's.</source>
      <translation>seine Pixel sind {:.4g} x {:.4g} des anderen groß.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>it is shifted by a part of a pixel.</source>
      <translation>es ist um einen Teil eines Pixels versetzt.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>it reaches beyond the other.</source>
      <translation>es reicht über das andere hinaus.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/geometry.py" />
      <source>'{}' is not on the pixel grid of '{}': </source>
      <translation>'{}' liegt nicht auf dem Pixelraster von '{}': </translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/layer_settings.py" />
      <source>'{}': no data as set on the layer: {}.</source>
      <translation>'{}': Leerwerte wie am Layer eingestellt: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/layer_settings.py" />
      <source>no value</source>
      <translation>kein Wert</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/layer_settings.py" />
      <source>'{}': read in {}, as set on the layer, not as in its file.</source>
      <translation>'{}': in {} gelesen, wie am Layer eingestellt, nicht wie in seiner Datei.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/layer_settings.py" />
      <source>'{}': the transparent pixel values of the style are not used; pixels are left out if their value is an additional no data value (Layer Properties &gt; Transparency).</source>
      <translation>'{}': Die transparenten Pixelwerte des Stils werden nicht verwendet; ausgelassen werden Pixel, deren Wert ein zusätzlicher Leerwert ist (Layereigenschaften &gt; Transparenz).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/layer_settings.py" />
      <source>'{}': band {} is the transparency band of the style only, so it is not used as a mask; in the file it would have to be an alpha band.</source>
      <translation>'{}': Kanal {} ist nur im Stil das Transparenzband und wird daher nicht als Maske verwendet; in der Datei müsste er ein Alphakanal sein.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/result.py" />
      <source>{}: results</source>
      <translation>{}: Ergebnisse</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/sources.py" />
      <source>The layer '{}' comes from '{}' and is not a raster file.</source>
      <translation>Der Layer '{}' kommt von '{}' und ist keine Rasterdatei.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/sources.py" />
      <source>The layer '{}' exists in memory only.</source>
      <translation>Der Layer '{}' liegt nur im Speicher.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/sources.py" />
      <source>The layer '{}' needs credentials stored in QGIS.</source>
      <translation>Der Layer '{}' braucht Zugangsdaten, die in QGIS gespeichert sind.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/sources.py" />
      <source>Export it as a GeoTIFF first (layer menu &gt; Export &gt; Save As).</source>
      <translation>Zuerst als GeoTIFF exportieren (Layermenü &gt; Export &gt; Speichern als).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/style.py" />
      <source>True colour</source>
      <translation>Echtfarben</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/layers/style.py" />
      <source>Near infrared</source>
      <translation>Nahes Infrarot</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>it does not exist</source>
      <translation>es existiert nicht</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>it is a model for the method {}</source>
      <translation>es ist ein Modell für das Verfahren {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>The model '{}' is for {} bands, but MS has {}. Usable models: {}.</source>
      <translation>Das Modell '{}' ist für {} Kanäle, aber MS hat {}. Brauchbare Modelle: {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>none</source>
      <translation>keines</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>'{}' is not a valid model name: use up to 64 letters without accents, digits, - and _, beginning with a letter or digit. The words {}, and names such as NUL or COM1, are reserved.</source>
      <translation>'{}' ist kein gültiger Modellname: bis zu 64 Buchstaben ohne Akzente, Ziffern, - und _, am Anfang ein Buchstabe oder eine Ziffer. Die Wörter {} und Namen wie NUL oder COM1 sind reserviert.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source> and </source>
      <translation> und </translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>The model '{}' comes with the plugin: choose another name.</source>
      <translation>Das Modell '{}' gehört zur Erweiterung: bitte einen anderen Namen wählen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>A model '{}' exists already: choose another name, or delete it.</source>
      <translation>Ein Modell '{}' gibt es schon: bitte einen anderen Namen wählen oder es löschen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>There is no model '{}'.</source>
      <translation>Es gibt kein Modell '{}'.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>The model '{}' comes with the plugin and cannot be deleted.</source>
      <translation>Das Modell '{}' gehört zur Erweiterung und kann nicht gelöscht werden.</translation>
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
      <source>it is damaged or not a KSDiff model</source>
      <translation>es ist beschädigt oder kein Modell von KSDiff</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>it has format {}, but this plugin reads format {}</source>
      <translation>es hat Format {}, aber diese Erweiterung liest Format {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>its method {} is unknown to this plugin</source>
      <translation>sein Verfahren {} kennt diese Erweiterung nicht</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>its files were renamed from '{}'</source>
      <translation>seine Dateien hießen '{}' und wurden umbenannt</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/models.py" />
      <source>{} is missing</source>
      <translation>{} fehlt</translation>
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
      <location filename="../../ksdiff_qgis/provider.py" />
      <source>Dask scheduler for folders of pairs</source>
      <translation>Dask-Scheduler für Ordner von Paaren</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/provider.py" />
      <source>Leave blank to sharpen them on this machine</source>
      <translation>Leer lassen, um sie auf diesem Rechner zu schärfen</translation>
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
      <source>PyTorch's build for the CPU was not found, neither at PyTorch's own address nor in the package index that pip is configured for.</source>
      <translation>PyTorch für die CPU wurde nicht gefunden, weder unter der eigenen Adresse von PyTorch noch im Paketindex, auf den pip eingestellt ist.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/diagnosis.py" />
      <source>Let connections to {torch} through, or choose the size light, which sharpens, too. {offline}</source>
      <translation>Lassen Sie Verbindungen zu {torch} zu, oder wählen Sie die Größe light, die ebenfalls schärft. {offline}</translation>
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
      <source>Set the device to auto or cpu, or install the size gpu: Raster &gt; KSDiff &gt; Runtime. In a Python of your own, install onnxruntime-gpu.</source>
      <translation>Setzen Sie das Gerät auf auto oder cpu, oder installieren Sie die Größe gpu: Raster &gt; KSDiff &gt; Laufzeitumgebung. In einem eigenen Python installieren Sie onnxruntime-gpu.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/errors.py" />
      <source>Repair the environment: Raster &gt; KSDiff &gt; Runtime. If you named this Python yourself ({python}), install into it: {packages}; or clear that setting.</source>
      <translation>Reparieren Sie die Umgebung: Raster &gt; KSDiff &gt; Laufzeitumgebung. Haben Sie dieses Python selbst angegeben ({python}), installieren Sie darin: {packages}; oder leeren Sie diese Einstellung.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/errors.py" />
      <source>Repair the environment: Raster &gt; KSDiff &gt; Runtime. If you named this Python yourself, reinstall its packages, or clear that setting.</source>
      <translation>Reparieren Sie die Umgebung: Raster &gt; KSDiff &gt; Laufzeitumgebung. Haben Sie dieses Python selbst angegeben, installieren Sie seine Pakete neu, oder leeren Sie diese Einstellung.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/errors.py" />
      <source>Leave the output empty, and use the parameter ALIGN of a pansharpening algorithm.</source>
      <translation>Lassen Sie die Ausgabe leer, und verwenden Sie den Parameter ALIGN eines Pansharpening-Algorithmus.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/errors.py" />
      <source>Remove its layer from the project, or choose another name.</source>
      <translation>Entfernen Sie den Layer aus dem Projekt, oder wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/errors.py" />
      <source>Choose an empty or a new run folder (RUN).</source>
      <translation>Wählen Sie einen leeren oder einen neuen Ordner des Laufs (RUN).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/errors.py" />
      <source>Wait until it has finished, or choose another run folder (RUN).</source>
      <translation>Warten Sie, bis er beendet ist, oder wählen Sie einen anderen Ordner des Laufs (RUN).</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/errors.py" />
      <source>Use the settings it was started with, or choose another run folder (RUN); delete that folder to start again.</source>
      <translation>Verwenden Sie die Einstellungen, mit denen er begonnen wurde, oder wählen Sie einen anderen Ordner des Laufs (RUN); löschen Sie jenen Ordner, um neu zu beginnen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/errors.py" />
      <source>Open Raster &gt; KSDiff &gt; Runtime and press Install.</source>
      <translation>Öffnen Sie Raster &gt; KSDiff &gt; Laufzeitumgebung und drücken Sie Installieren.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/errors.py" />
      <source>Open Raster &gt; KSDiff &gt; Runtime and press Repair.</source>
      <translation>Öffnen Sie Raster &gt; KSDiff &gt; Laufzeitumgebung und drücken Sie Reparieren.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/errors.py" />
      <source>Open Raster &gt; KSDiff &gt; Runtime, choose the size {} and press Install.</source>
      <translation>Öffnen Sie Raster &gt; KSDiff &gt; Laufzeitumgebung, wählen Sie die Größe {} und drücken Sie Installieren.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/errors.py" />
      <source>Without windows: `{}`.</source>
      <translation>Ohne Fenster: `{}`.</translation>
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
      <source>There is not enough disk space: about {} are needed in {} during the installation, {} are free.</source>
      <translation>Auf dem Datenträger ist nicht genug Platz: etwa {} werden während der Installation in {} gebraucht, {} sind frei.</translation>
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
      <source>It does not start as Python 3.</source>
      <translation>Es startet nicht als Python 3.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/interpreter.py" />
      <source>Python {} lacks the module venv or ensurepip (package python3-venv).</source>
      <translation>Python {} fehlt das Modul venv oder ensurepip (Paket python3-venv).</translation>
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
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>Light: sharpening (enough to begin with)</source>
      <translation>Light: Schärfen (genügt für den Anfang)</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>Full: also fine-tuning to the scene, and training</source>
      <translation>Full: auch Feinabstimmung auf die Szene und Training</translation>
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
      <source>It can be made full later.</source>
      <translation>Sie lässt sich später zu full erweitern.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>PyTorch, for the CPU, comes from {}.</source>
      <translation>PyTorch für die CPU kommt von {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/sizes.py" />
      <source>On Windows, sharpening runs on the GPU; fine-tuning and training on the CPU.</source>
      <translation>Unter Windows läuft das Schärfen auf der GPU, Feinabstimmung und Training auf der CPU.</translation>
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
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>The worker exited with code {}.</source>
      <translation>Der Worker endete mit Code {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>Stopping; the results so far are saved first.</source>
      <translation>Wird angehalten; die bisherigen Ergebnisse werden erst gespeichert.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>The program that was started is not KSDiff's worker.</source>
      <translation>Das gestartete Programm ist nicht der Worker von KSDiff.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>The worker has version {} of the protocol, the plugin version {}.</source>
      <translation>Der Worker hat Version {} des Protokolls, die Erweiterung Version {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>KSDiff {} with Python {}, onnxruntime {}.</source>
      <translation>KSDiff {} mit Python {}, onnxruntime {}.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>KSDiff's worker did not answer for {:.0f} s and was ended.</source>
      <translation>Der Worker von KSDiff antwortete {:.0f} s lang nicht und wurde beendet.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>KSDiff's worker did not start within {:.0f} s.</source>
      <translation>Der Worker von KSDiff startete nicht innerhalb von {:.0f} s.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>{}, {} left</source>
      <translation>{}, noch {}</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>about {:.0f} s</source>
      <translation>etwa {:.0f} s</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>about {:.0f} min</source>
      <translation>etwa {:.0f} min</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>about {:.1f} h</source>
      <translation>etwa {:.1f} h</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>no result</source>
      <translation>kein Ergebnis</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>cpu: not tested</source>
      <translation>cpu: nicht geprüft</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>A raster that was written is not read back the same.</source>
      <translation>Ein geschriebenes Raster wird nicht unverändert zurückgelesen.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>onnxruntime does not list CUDA.</source>
      <translation>onnxruntime führt CUDA nicht auf.</translation>
    </message>
    <message>
      <location filename="../../ksdiff_qgis/runtime/worker_run.py" />
      <source>PyTorch does not find CUDA.</source>
      <translation>PyTorch findet CUDA nicht.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{target} could not be written: {reason}.</source>
      <translation>{target} konnte nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Check the free space and the permissions of the folder.</source>
      <translation>Prüfen Sie den freien Platz und die Rechte des Ordners.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Every scene is held out for validation.</source>
      <translation>Alle Szenen werden für die Bewertung zurückgehalten.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Leave at least one scene to train on.</source>
      <translation>Lassen Sie mindestens eine Szene für das Training.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The method '{method}' does not take a number of back-projection passes here.</source>
      <translation>Das Verfahren '{method}' nimmt hier keine Zahl von Durchgängen der Rückprojektion an.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Leave it out: networks have their own, a saved fit brings its own, and a name that ends in -bp has at least one.</source>
      <translation>Lassen Sie sie weg: Netze haben ihre eigenen, eine gespeicherte Anpassung bringt sie mit, und ein Name auf -bp hat mindestens einen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Back-projection cannot be done in {passes} passes.</source>
      <translation>{passes} Durchgänge der Rückprojektion sind nicht möglich.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give 0 to {most}.</source>
      <translation>Geben Sie 0 bis {most} an.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} does not lie on the grid of {other}: {why}.</source>
      <translation>{role} {path} liegt nicht auf dem Raster von {other}: {why}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Warp it to that grid first, for instance with gdalwarp -tap -tr.</source>
      <translation>Transformieren Sie es zuerst auf dieses Raster, zum Beispiel mit gdalwarp -tap -tr.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} bands {bands}: a band is named twice, or none is named.</source>
      <translation>Kanäle von {role}: {bands}. Einer ist zweimal genannt, oder keiner.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Name each wanted band once.</source>
      <translation>Nennen Sie jeden gewünschten Kanal einmal.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The {role} files {paths} have no ground in common.</source>
      <translation>Die Dateien von {role} haben keine gemeinsame Fläche: {paths}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose the bands of one scene.</source>
      <translation>Wählen Sie die Kanäle einer Szene.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>A border of {cut} pixels leaves nothing of {height} x {width} pixels.</source>
      <translation>Ein Rand von {cut} Pixeln lässt von {height} x {width} Pixeln nichts übrig.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose a smaller border.</source>
      <translation>Wählen Sie einen schmaleren Rand.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The checkpoint {checkpoint} is damaged, or another program wrote it.</source>
      <translation>Der Zwischenstand {checkpoint} ist beschädigt oder von einem anderen Programm.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose another folder, or delete the file to start again.</source>
      <translation>Wählen Sie einen anderen Ordner, oder löschen Sie die Datei, um neu zu beginnen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Clouds can be detected only where the bands blue, green and red are named.</source>
      <translation>Wolken lassen sich nur erkennen, wo die Kanäle Blau, Grün und Rot benannt sind.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Name the bands in the file, or leave clouds out of the recipe.</source>
      <translation>Benennen Sie die Kanäle in der Datei, oder lassen Sie die Wolken aus dem Rezept weg.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{options} cannot be set as a creation option.</source>
      <translation>{options} lässt sich nicht als Erzeugungsoption setzen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Leave it out.</source>
      <translation>Lassen Sie es weg.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>With the creation options {options} a file of {dtype} would not hold the values of the result.</source>
      <translation>Mit den Erzeugungsoptionen {options} könnte eine Datei vom Typ {dtype} die Werte des Ergebnisses nicht fassen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Leave them out, or choose an output type that goes with them.</source>
      <translation>Lassen Sie sie weg, oder wählen Sie einen Ausgabetyp, der dazu passt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>GDAL's driver {driver} does not take the creation options {options}: {reason}.</source>
      <translation>Der GDAL-Treiber {driver} nimmt die Erzeugungsoptionen {options} nicht an: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Correct or leave out the option; the driver's page of the GDAL documentation lists what it takes.</source>
      <translation>Berichtigen Sie die Option, oder lassen Sie sie weg; was der Treiber annimmt, steht auf seiner Seite der GDAL-Dokumentation.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} has another CRS than PAN {pan}.</source>
      <translation>{role} {path} hat ein anderes KBS als PAN {pan}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose an image on PAN's grid, as pansharpening writes it.</source>
      <translation>Wählen Sie ein Bild auf dem Raster von PAN, wie das Schärfen es schreibt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{crs} is no CRS that is known: {reason}.</source>
      <translation>{crs} ist kein bekanntes KBS: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give a code, such as EPSG:32633.</source>
      <translation>Geben Sie einen Code an, etwa EPSG:32633.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The folder {folder} does not exist.</source>
      <translation>Den Ordner {folder} gibt es nicht.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Check the path.</source>
      <translation>Prüfen Sie den Pfad.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{target} could not be written completely: the disk is full, or a quota is reached.</source>
      <translation>{target} konnte nicht vollständig geschrieben werden: Der Datenträger ist voll oder ein Kontingent erreicht.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Free some space, or choose another folder.</source>
      <translation>Schaffen Sie Platz, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The extent {extent} contains no pixel of PAN {pan}.</source>
      <translation>Die Ausdehnung {extent} enthält kein Pixel von PAN {pan}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give xmin, ymin, xmax, ymax in the CRS of PAN.</source>
      <translation>Geben Sie xmin, ymin, xmax, ymax im KBS von PAN an.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Fine-tuning to the scene failed: {reason}</source>
      <translation>Die Feinabstimmung auf die Szene ist fehlgeschlagen: {reason}</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Sharpen without fine-tuning.</source>
      <translation>Schärfen Sie ohne Feinabstimmung.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Fine-tuning to the scene needs {package}, which this Python environment lacks.</source>
      <translation>Die Feinabstimmung auf die Szene braucht {package}, was in dieser Python-Umgebung fehlt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Install torch into it, or sharpen without fine-tuning.</source>
      <translation>Installieren Sie torch dort, oder schärfen Sie ohne Feinabstimmung.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The fine-tuned methods ({methods}) need time: the seconds for it are 0.</source>
      <translation>Die fein abgestimmten Verfahren ({methods}) brauchen Zeit: Ihre Sekunden sind 0.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Set them to 60, for instance.</source>
      <translation>Setzen Sie sie zum Beispiel auf 60.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The method {method} needs time for fine-tuning: the seconds for it are 0.</source>
      <translation>Das Verfahren {method} braucht Zeit für die Feinabstimmung: Ihre Sekunden sind 0.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Set them to 60, for instance, or choose the method {plain}.</source>
      <translation>Setzen Sie sie zum Beispiel auf 60, oder wählen Sie das Verfahren {plain}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Fine-tuning to the scene is too slow here: {step} of {steps} steps were done after {spent:.0f} of {budget:g} seconds.</source>
      <translation>Die Feinabstimmung auf die Szene ist hier zu langsam: {step} von {steps} Schritten waren nach {spent:.0f} von {budget:g} Sekunden getan.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Allow more time for it, or sharpen without fine-tuning.</source>
      <translation>Geben Sie ihr mehr Zeit, oder schärfen Sie ohne Feinabstimmung.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The fit {path} is for the bands {bands}, and the scene has {wanted}.</source>
      <translation>Die Anpassung {path} ist für die Kanäle {bands}, die Szene hat {wanted}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose the bands in the order of the fit, or fit this scene anew.</source>
      <translation>Wählen Sie die Kanäle in der Reihenfolge der Anpassung, oder passen Sie an diese Szene neu an.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The fit {path} is for {bands} bands, this scene has {wanted}.</source>
      <translation>Die Anpassung {path} ist für {bands} Kanäle, diese Szene hat {wanted}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Name the bands that it was made with, or sharpen without it.</source>
      <translation>Nennen Sie die Kanäle, mit denen sie gemacht wurde, oder schärfen Sie ohne sie.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} is not the file of a scene fit: {reason}.</source>
      <translation>{path} ist nicht die Datei einer Szenenanpassung: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Save the fit again.</source>
      <translation>Speichern Sie die Anpassung noch einmal.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The method {method} has no fit to use or to save.</source>
      <translation>Das Verfahren {method} hat keine Anpassung, die man verwenden oder speichern könnte.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose the method scene-fit.</source>
      <translation>Wählen Sie das Verfahren scene-fit.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The fit {path} cannot be read: {reason}.</source>
      <translation>Die Anpassung {path} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Name the .json file of a scene fit that was saved.</source>
      <translation>Nennen Sie die .json-Datei einer gespeicherten Szenenanpassung.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The fit {path} is for a ratio of {ratio:.4g}, this scene has {wanted:.4g}.</source>
      <translation>Die Anpassung {path} ist für ein Verhältnis von {ratio:.4g}, diese Szene hat {wanted:.4g}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Sharpen without it.</source>
      <translation>Schärfen Sie ohne sie.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The folder {folder} cannot be created: {reason}.</source>
      <translation>Der Ordner {folder} lässt sich nicht anlegen: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose another folder.</source>
      <translation>Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} has {bands} bands, MS {ms} has {scene_bands}{chosen}.</source>
      <translation>{role} {path} hat {bands} Kanäle, MS {ms} hat {scene_bands}{chosen}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose the image that was made of this MS.</source>
      <translation>Wählen Sie das Bild, das aus diesem MS gemacht wurde.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Name the MS bands it was made of, in its order (--ms-bands).</source>
      <translation>Nennen Sie die Kanäle von MS, aus denen es gemacht wurde, in seiner Reihenfolge (--ms-bands).</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} is smaller than one pixel of MS {ms}.</source>
      <translation>{role} {path} ist kleiner als ein Pixel von MS {ms}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose a larger part.</source>
      <translation>Wählen Sie einen größeren Teil.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The ground control points of {role} {path} have no CRS on Earth.</source>
      <translation>Die Passpunkte von {role} {path} haben kein KBS auf der Erde.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Say which it is: gdal_translate -a_srs EPSG:CODE {path} with_crs.tif</source>
      <translation>Sagen Sie, welches es ist: gdal_translate -a_srs EPSG:CODE {path} with_crs.tif</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>GDAL cannot do this with these files: {reason}.</source>
      <translation>GDAL kann das mit diesen Dateien nicht: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Look at them with gdalinfo; a copy made with gdal_translate may help.</source>
      <translation>Sehen Sie sie mit gdalinfo an; eine Kopie mit gdal_translate hilft vielleicht.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The share of synthetic scenes must be from 0 to 0.9.</source>
      <translation>Der Anteil künstlicher Szenen muss zwischen 0 und 0.9 liegen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>A usual value is 0.3.</source>
      <translation>Üblich ist 0.3.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} is an HDF5 file, which needs the Python package h5py.</source>
      <translation>{path} ist eine HDF5-Datei, für die das Python-Paket h5py nötig ist.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Install it: {executable} -m pip install h5py</source>
      <translation>Installieren Sie es: {executable} -m pip install h5py</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{held_out} is held out and {trained_on} is trained on, but they show the same ground.</source>
      <translation>{held_out} wird zurückgehalten und {trained_on} dient dem Training, aber beide zeigen dieselbe Fläche.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Hold out both, or leave one of them out.</source>
      <translation>Halten Sie beide zurück, oder lassen Sie eines weg.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The share that is held out must be from 0 to 0.5.</source>
      <translation>Der zurückgehaltene Anteil muss zwischen 0 und 0.5 liegen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>A usual value is 0.2.</source>
      <translation>Üblich ist 0.2.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{image} has {bands} bands; a PAN is simulated from at least {least}.</source>
      <translation>{image} hat {bands} Kanäle; für ein simuliertes PAN sind mindestens {least} nötig.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Leave it out of the folder.</source>
      <translation>Nehmen Sie es aus dem Ordner.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The folder to import the model into is missing.</source>
      <translation>Der Ordner, in den das Modell importiert werden soll, fehlt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Name the folder of your models.</source>
      <translation>Nennen Sie den Ordner Ihrer Modelle.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} is damaged: {reason}.</source>
      <translation>{path} ist beschädigt: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Plan the job into a new folder.</source>
      <translation>Planen Sie den Auftrag in einen neuen Ordner.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Nothing of this job can be sharpened.</source>
      <translation>Nichts von diesem Auftrag lässt sich schärfen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The messages before tell why.</source>
      <translation>Die Meldungen davor sagen, warum.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} is missing, or has changed since the job was planned.</source>
      <translation>{path} fehlt oder hat sich seit der Planung des Auftrags geändert.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Put the file back, or plan the job into a new folder.</source>
      <translation>Legen Sie die Datei zurück, oder planen Sie den Auftrag in einen neuen Ordner.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The folder {job} holds a job of other scenes or settings.</source>
      <translation>Der Ordner {job} enthält einen Auftrag anderer Szenen oder Einstellungen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose another folder, or delete this one.</source>
      <translation>Wählen Sie einen anderen Ordner, oder löschen Sie diesen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} does not exist: this is no folder of a job, or its plan has not ended.</source>
      <translation>{path} gibt es nicht: Das ist kein Ordner eines Auftrags, oder seine Planung ist nicht beendet.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Plan the job again: what is prepared stays.</source>
      <translation>Planen Sie den Auftrag noch einmal: Was vorbereitet ist, bleibt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The model of {method} is another here than where the job was planned.</source>
      <translation>Das Modell von {method} ist hier ein anderes als dort, wo der Auftrag geplant wurde.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Use the same version of this program and the same model files on all machines.</source>
      <translation>Verwenden Sie auf allen Rechnern dieselbe Version dieses Programms und dieselben Modelldateien.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>A job needs a pair and a file for its result, or a folder of pairs (or STAC items) and a folder for the results.</source>
      <translation>Ein Auftrag braucht ein Paar und eine Datei für sein Ergebnis oder einen Ordner von Paaren (oder STAC-Items) und einen Ordner für die Ergebnisse.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give pan, ms and out; or data or items, and out_folder; not both.</source>
      <translation>pan, ms und out angeben oder data oder items und out_folder, nicht beides.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>There is no part {part} of {parts} parts.</source>
      <translation>Den Teil {part} von {parts} Teilen gibt es nicht.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give a number from 1, or I/N for the I-th of N shares.</source>
      <translation>Geben Sie eine Zahl ab 1 an, oder I/N für den I-ten von N Anteilen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{count} of {all} parts are missing or damaged: {parts}.</source>
      <translation>{count} von {all} Teilen fehlen oder sind beschädigt: {parts}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Run the job again: it does these parts alone.</source>
      <translation>Führen Sie den Auftrag noch einmal aus: Nur diese Teile werden gemacht.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The job {job} was planned by version {version}, this is {here}.</source>
      <translation>Der Auftrag {job} wurde von Version {version} geplant, dies ist {here}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Use that version, or plan the job into a new folder: parts of two versions need not fit.</source>
      <translation>Verwenden Sie jene Version, oder planen Sie den Auftrag in einen neuen Ordner: Teile zweier Versionen passen vielleicht nicht zusammen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>A job cannot be planned with {option}.</source>
      <translation>Mit {option} lässt sich kein Auftrag planen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Leave it out, or sharpen such pairs by the command pansharpen.</source>
      <translation>Lassen Sie es weg, oder schärfen Sie solche Paare mit dem Befehl pansharpen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Two maps have the same file, {path}.</source>
      <translation>Zwei Karten haben dieselbe Datei, {path}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose a different file for each map.</source>
      <translation>Wählen Sie für jede Karte eine andere Datei.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The method {method} does not sample, so it has no {what}.</source>
      <translation>Das Verfahren {method} zieht keine Stichproben und hat daher kein {what}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose the method {sampling_method}, or leave out {what}.</source>
      <translation>Wählen Sie das Verfahren {sampling_method}, oder lassen Sie {what} weg.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The model {model} is for {model_bands} bands, MS {ms} has {scene_bands}.</source>
      <translation>Das Modell {model} ist für {model_bands} Kanäle, MS {ms} hat {scene_bands}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose as many bands as the model has, or a model for any number of bands.</source>
      <translation>Wählen Sie so viele Kanäle, wie das Modell hat, oder ein Modell für beliebig viele Kanäle.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} is damaged: it is not the file that the model's card describes.</source>
      <translation>{path} ist beschädigt: Es ist nicht die Datei, die die Karte des Modells beschreibt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Install the model again.</source>
      <translation>Installieren Sie das Modell noch einmal.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>A model named {model} already exists.</source>
      <translation>Ein Modell mit dem Namen {model} gibt es schon.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose another name, or delete that model.</source>
      <translation>Wählen Sie einen anderen Namen, oder löschen Sie jenes Modell.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose another name, or delete that model first.</source>
      <translation>Wählen Sie einen anderen Namen, oder löschen Sie zuerst jenes Modell.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} would be replaced by a file of the model.</source>
      <translation>{path} würde durch eine Datei des Modells ersetzt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Move or rename it.</source>
      <translation>Verschieben Sie die Datei, oder benennen Sie sie um.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The files of the model {model} were renamed: this one is {file}.</source>
      <translation>Die Dateien des Modells {model} wurden umbenannt: Diese heißt {file}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give them their names back; to rename a model, edit its card.</source>
      <translation>Geben Sie ihnen ihre Namen zurück; um ein Modell umzubenennen, bearbeiten Sie seine Karte.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The model {model} is for the method {model_method}, not for {method}.</source>
      <translation>Das Modell {model} ist für das Verfahren {model_method}, nicht für {method}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose the method {model_method}, or another model.</source>
      <translation>Wählen Sie das Verfahren {model_method} oder ein anderes Modell.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} has model format {model_format}, this version reads format {format}.</source>
      <translation>{path} hat das Modellformat {model_format}, diese Version liest das Format {format}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Update the plugin, or export the model again.</source>
      <translation>Aktualisieren Sie die Erweiterung, oder exportieren Sie das Modell noch einmal.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{graph} cannot be run: {reason}</source>
      <translation>{graph} lässt sich nicht ausführen: {reason}</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Export the model again.</source>
      <translation>Exportieren Sie das Modell noch einmal.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} does not belong to {weights}: it expects {tensor} elsewhere.</source>
      <translation>{path} gehört nicht zu {weights}: {tensor} wird an anderer Stelle erwartet.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Keep the names of a model's files, or export the model again.</source>
      <translation>Behalten Sie die Namen der Dateien eines Modells bei, oder exportieren Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{graph} is missing beside {path}.</source>
      <translation>{graph} fehlt neben {path}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Install the model again, or export it again.</source>
      <translation>Installieren oder exportieren Sie das Modell noch einmal.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{model!r} cannot be the name of a model.</source>
      <translation>{model!r} kann nicht der Name eines Modells sein.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Use up to 64 letters without accents, digits, - and _, beginning with a letter or digit; {reserved} are reserved.</source>
      <translation>Erlaubt sind bis zu 64 Buchstaben ohne Akzente, Ziffern, - und _, vorne ein Buchstabe oder eine Ziffer; {reserved} sind vergeben.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{model} is the name of a model that came with the plugin.</source>
      <translation>{model} ist der Name eines Modells, das mit der Erweiterung kam.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose another name.</source>
      <translation>Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The model {model} is for one sensor and cannot be fine-tuned to scenes.</source>
      <translation>Das Modell {model} ist für einen Sensor und kann nicht auf Szenen abgestimmt werden.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose the method {method}, or a model for any number of bands.</source>
      <translation>Wählen Sie das Verfahren {method} oder ein Modell für beliebig viele Kanäle.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} cannot be written: {reason}.</source>
      <translation>{path} lässt sich nicht schreiben: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>There is no model {model}.</source>
      <translation>Es gibt kein Modell {model}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give the name of a shipped model ({shipped}) or the path of a .safetensors file.</source>
      <translation>Nennen Sie ein mitgeliefertes Modell ({shipped}) oder den Pfad einer .safetensors-Datei.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The model {path} cannot be read: {reason}.</source>
      <translation>Das Modell {path} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Check the path and the permissions of the file.</source>
      <translation>Prüfen Sie den Pfad und die Rechte der Datei.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} does not match its card: there is no weight {weight} of shape {shape}.</source>
      <translation>{path} passt nicht zu seiner Karte: Es gibt kein Gewicht {weight} der Form {shape}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} has weights that are not finite ({weight}).</source>
      <translation>{path} hat Gewichte, die nicht endlich sind ({weight}).</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Train the model again.</source>
      <translation>Trainieren Sie das Modell noch einmal.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>MS {ms} has no georeference, so it cannot be moved.</source>
      <translation>MS {ms} hat keine Georeferenz und kann darum nicht verschoben werden.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Leave out the output, and align while sharpening (--align).</source>
      <translation>Lassen Sie die Ausgabe weg, und richten Sie beim Schärfen aus (--align).</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>MS {path} cannot be transformed to the CRS of PAN: {reason}.</source>
      <translation>MS {path} lässt sich nicht in das KBS von PAN transformieren: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Check the CRS of both, or reproject MS with gdalwarp.</source>
      <translation>Prüfen Sie das KBS von beiden, oder transformieren Sie MS mit gdalwarp.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>There are {bands} bands, but {gains} MTF gains.</source>
      <translation>Es gibt {bands} Kanäle, aber {gains} MTF-Werte.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose a sensor that has the bands of this MS, or the sensor generic.</source>
      <translation>Wählen Sie einen Sensor, der die Kanäle dieses MS hat, oder den Sensor generic.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>An MTF cannot have the gain {gain:g} at the Nyquist frequency.</source>
      <translation>Eine MTF kann bei der Nyquist-Frequenz nicht den Wert {gain:g} haben.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give a number between 0 and 1, 0.15 say.</source>
      <translation>Geben Sie eine Zahl zwischen 0 und 1 an, etwa 0.15.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose another model, or none.</source>
      <translation>Wählen Sie ein anderes Modell oder keines.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The seconds for fine-tuning (adapt) must be 0 or more, not {seconds:g}.</source>
      <translation>Die Sekunden für die Feinabstimmung (adapt) müssen 0 oder mehr sein, nicht {seconds:g}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Use 0 to leave the network as it is.</source>
      <translation>Mit 0 bleibt das Netz, wie es ist.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The network has {field} {value}, which is an ablation of the method: only {kept} can be used.</source>
      <translation>Das Netz hat {field} {value}, eine Ablation des Verfahrens: Nur {kept} ist verwendbar.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give a network of the method itself.</source>
      <translation>Geben Sie ein Netz des Verfahrens selbst an.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{folder} contains no pairs and no PanCollection files.</source>
      <translation>{folder} enthält keine Paare und keine Dateien von PanCollection.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>A set is a folder with X_pan.tif beside X_ms.tif or X_gt.tif.</source>
      <translation>Ein Satz ist ein Ordner mit X_pan.tif neben X_ms.tif oder X_gt.tif.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{run} contains no checkpoint.</source>
      <translation>{run} enthält keinen Zwischenstand.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Train first, or choose the folder of a training run.</source>
      <translation>Trainieren Sie zuerst, oder wählen Sie den Ordner eines Trainings.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>No pixel is valid in both {pan} and {ms}.</source>
      <translation>In {pan} und {ms} ist kein Pixel zugleich gültig.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Check the nodata value and that the images overlap; where few pixels are valid, an extent around them helps.</source>
      <translation>Prüfen Sie den Leerwert und ob die Bilder sich überlappen; sind nur wenige Pixel gültig, hilft eine Ausdehnung um sie herum.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The GPU cannot be used: onnxruntime found no working CUDA.</source>
      <translation>Die Grafikkarte ist nicht verwendbar: onnxruntime hat kein funktionierendes CUDA gefunden.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Use the device auto or cpu, or install onnxruntime-gpu in place of onnxruntime.</source>
      <translation>Verwenden Sie das Gerät auto oder cpu, oder installieren Sie onnxruntime-gpu anstelle von onnxruntime.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The GPU cannot be used: torch found no working CUDA.</source>
      <translation>Die Grafikkarte ist nicht verwendbar: torch hat kein funktionierendes CUDA gefunden.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Use the device auto or cpu.</source>
      <translation>Verwenden Sie das Gerät auto oder cpu.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The overlap of PAN and MS contains only nodata.</source>
      <translation>Wo PAN und MS sich überlappen, sind nur Leerwerte.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Check the nodata value.</source>
      <translation>Prüfen Sie den Leerwert.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{source} has no part without nodata that is large enough to measure on.</source>
      <translation>{source} hat keinen Teil ohne Leerwerte, der zum Messen groß genug ist.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Check its nodata value, or leave it out.</source>
      <translation>Prüfen Sie den Leerwert, oder lassen Sie es weg.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>No method can sharpen this scene.</source>
      <translation>Kein Verfahren kann diese Szene schärfen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>PAN {pan} and MS {ms} do not overlap.</source>
      <translation>PAN {pan} und MS {ms} überlappen sich nicht.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose two images of the same place, and check their CRS and the extent.</source>
      <translation>Wählen Sie zwei Bilder desselben Orts, und prüfen Sie ihr KBS und die Ausdehnung.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>PAN and MS do not overlap.</source>
      <translation>PAN und MS überlappen sich nicht.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose two images of the same place, and check their CRS.</source>
      <translation>Wählen Sie zwei Bilder desselben Orts, und prüfen Sie ihr KBS.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>None of the {pairs} pairs can be opened.</source>
      <translation>Keines der {pairs} Paare lässt sich öffnen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>None of the {pairs} pairs can be used for training.</source>
      <translation>Keines der {pairs} Paare taugt zum Training.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>There is no raster to pair in {data}.</source>
      <translation>In {data} ist kein Raster, das zu einem Paar gehören könnte.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose a folder that holds a PAN and an MS for each scene, or a table (.csv) with the columns pan and ms.</source>
      <translation>Wählen Sie einen Ordner, der für jede Szene ein PAN und ein MS enthält, oder eine Tabelle (.csv) mit den Spalten pan und ms.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>No part of the scene is free of nodata and large enough to compare methods on.</source>
      <translation>Kein Teil der Szene ist ohne Leerwerte und groß genug, um daran Verfahren zu vergleichen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>No PAN and MS of a product were found in {path}.</source>
      <translation>In {path} wurden PAN und MS eines Produkts nicht gefunden.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Known layouts are: {layouts}. Unpack an archive first. Any other raster is named by its file.</source>
      <translation>Bekannt sind: {layouts}. Entpacken Sie ein Archiv zuerst. Jedes andere Raster wird als Datei genannt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>No method could sharpen any of the scenes.</source>
      <translation>Kein Verfahren konnte eine der Szenen schärfen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{source} has no square of {patch} pixels without nodata.</source>
      <translation>{source} hat kein Quadrat von {patch} Pixeln ohne Leerwerte.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Leave it out, or train on smaller patches.</source>
      <translation>Lassen Sie es weg, oder trainieren Sie mit kleineren Ausschnitten.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{source} has no square of {least} pixels without nodata: it is too small to validate on.</source>
      <translation>{source} hat kein Quadrat von {least} Pixeln ohne Leerwerte: Zum Bewerten ist es zu klein.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Hold out another scene.</source>
      <translation>Halten Sie eine andere Szene zurück.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} has no data band {band}.</source>
      <translation>{role} {path} hat keinen Datenkanal {band}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose from the bands {bands}.</source>
      <translation>Wählen Sie aus den Kanälen {bands}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The folder {folder} contains no images.</source>
      <translation>Der Ordner {folder} enthält keine Bilder.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>An image is a file ending in .tif.</source>
      <translation>Ein Bild ist eine Datei auf .tif.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The folder {folder} contains no pair.</source>
      <translation>Der Ordner {folder} enthält kein Paar.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>A pair is a PAN and an MS of the same ground; names such as X_pan.tif and X_ms.tif tell which belong together.</source>
      <translation>Ein Paar sind ein PAN und ein MS derselben Fläche; Namen wie X_pan.tif und X_ms.tif sagen, was zusammengehört.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>No pair was given.</source>
      <translation>Es wurde kein Paar angegeben.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The folder {folder} contains no pairs.</source>
      <translation>Der Ordner {folder} enthält keine Paare.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>No pixel of the scene is valid in both images.</source>
      <translation>Kein Pixel der Szene ist in beiden Bildern gültig.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Check the nodata value and that the images overlap.</source>
      <translation>Prüfen Sie den Leerwert und ob die Bilder sich überlappen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>'{value}' is no choice for missing data.</source>
      <translation>'{value}' steht bei fehlenden Daten nicht zur Wahl.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose from {known}.</source>
      <translation>Wählen Sie aus {known}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The nodata value {nodata:g} does not fit the output type {dtype}, which holds {range}.</source>
      <translation>Der Leerwert {nodata:g} passt nicht in den Ausgabetyp {dtype}, der {range} fasst.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose another nodata value, or another output type.</source>
      <translation>Wählen Sie einen anderen Leerwert oder einen anderen Ausgabetyp.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} is not a model of this project: {reason}.</source>
      <translation>{path} ist kein Modell dieses Projekts: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Models are .safetensors files with a card, written by the training package.</source>
      <translation>Modelle sind .safetensors-Dateien mit einer Karte, geschrieben vom Trainingspaket.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} is not a model.</source>
      <translation>{path} ist kein Modell.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose a .safetensors file.</source>
      <translation>Wählen Sie eine .safetensors-Datei.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} is not a patch file: {reason}.</source>
      <translation>{path} ist keine Datei mit Ausschnitten: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Make one: python -m training prepare --recipe R --data DIR --out FILE</source>
      <translation>So entsteht eine: python -m training prepare --recipe R --data DIR --out FILE</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} is not a training recipe: {reason}.</source>
      <translation>{path} ist kein Trainingsrezept: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Compare it with the recipes in training/recipes.</source>
      <translation>Vergleichen Sie es mit den Rezepten in training/recipes.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} is not one of your own models, which have a folder each in {models}.</source>
      <translation>{path} ist keines Ihrer eigenen Modelle; die haben je einen Ordner in {models}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Import it first.</source>
      <translation>Importieren Sie es zuerst.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} does not lie on the grid of PAN {pan}: {why}.</source>
      <translation>{role} {path} liegt nicht auf dem Raster von PAN {pan}: {why}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose an image on PAN's grid, as pansharpening writes it, neither resampled nor moved.</source>
      <translation>Wählen Sie ein Bild auf dem Raster von PAN, wie das Schärfen es schreibt, weder neu abgetastet noch verschoben.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>No pixel is valid in {fused} and in {other}.</source>
      <translation>In {fused} und {other} ist kein Pixel zugleich gültig.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Check the nodata value, and that the images show the same place.</source>
      <translation>Prüfen Sie den Leerwert und ob die Bilder denselben Ort zeigen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>No part of {ms} can be trained on.</source>
      <translation>Kein Teil von {ms} taugt zum Training.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Check the nodata value and the extent.</source>
      <translation>Prüfen Sie den Leerwert und die Ausdehnung.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} has no georeference, but the other image of the pair has one.</source>
      <translation>{path} hat keine Georeferenz, das andere Bild des Paars aber schon.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Georeference both, or neither if their corners agree.</source>
      <translation>Georeferenzieren Sie beide, oder keines, wenn ihre Ecken übereinstimmen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The rows or columns of PAN {pan} and MS {ms} run in opposite directions.</source>
      <translation>Die Zeilen oder Spalten von PAN {pan} und MS {ms} laufen in entgegengesetzte Richtungen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Make both north-up with gdalwarp.</source>
      <translation>Richten Sie beide mit gdalwarp nach Norden aus.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>There is not enough memory.</source>
      <translation>Der Arbeitsspeicher reicht nicht.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose a smaller tile, or close other programs.</source>
      <translation>Wählen Sie eine kleinere Kachel, oder schließen Sie andere Programme.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Create it first, or choose another folder.</source>
      <translation>Legen Sie ihn zuerst an, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The folder {folder} cannot be written to: {reason}.</source>
      <translation>In den Ordner {folder} lässt sich nicht schreiben: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{target} is in use and cannot be replaced.</source>
      <translation>{target} wird gerade verwendet und kann nicht ersetzt werden.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Close the program that shows it, or choose another name.</source>
      <translation>Schließen Sie das Programm, das die Datei zeigt, oder wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The output {path} is one of the inputs.</source>
      <translation>Die Ausgabe {path} ist eine der Eingaben.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The output {path} is one of the inputs, or a file that the input {source} is read from.</source>
      <translation>Die Ausgabe {path} ist eine der Eingaben, oder eine Datei, aus der die Eingabe {source} gelesen wird.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The output {path} exists and is not a file.</source>
      <translation>Die Ausgabe {path} gibt es, und sie ist keine Datei.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{target} would not hold the values of the result: a tile that was read back differs.</source>
      <translation>{target} würde die Werte des Ergebnisses nicht fassen: Eine zurückgelesene Kachel weicht ab.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Write without creation options, or into another folder; the target was left as it was.</source>
      <translation>Schreiben Sie ohne Erzeugungsoptionen oder in einen anderen Ordner; das Ziel blieb, wie es war.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{target} cannot be created: {reason}.</source>
      <translation>{target} lässt sich nicht anlegen: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Check the creation options.</source>
      <translation>Prüfen Sie die Erzeugungsoptionen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{target} is read-only.</source>
      <translation>{target} ist schreibgeschützt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose another name, or allow the file to be changed.</source>
      <translation>Wählen Sie einen anderen Namen, oder erlauben Sie, dass die Datei geändert wird.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The output {path} is not {kind}.</source>
      <translation>Die Ausgabe {path} ist nicht {kind}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose a name ending in {ending}.</source>
      <translation>Wählen Sie einen Namen auf {ending}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Two of the outputs for PAN, MS and reference are the same file.</source>
      <translation>Zwei der Ausgaben für PAN, MS und Referenz sind dieselbe Datei.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose three different files.</source>
      <translation>Wählen Sie drei verschiedene Dateien.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The overlap of PAN and MS is too small to be reduced.</source>
      <translation>Wo PAN und MS sich überlappen, ist zu wenig, um es zu verkleinern.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose a larger scene, or a smaller ratio.</source>
      <translation>Wählen Sie eine größere Szene oder ein kleineres Verhältnis.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>A Python package cannot be loaded: {reason}.</source>
      <translation>Ein Python-Paket lässt sich nicht laden: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Install the Python environment again.</source>
      <translation>Installieren Sie die Python-Umgebung noch einmal.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The Python environment lacks {packages}.</source>
      <translation>In der Python-Umgebung fehlt {packages}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Install into {python}: {packages}</source>
      <translation>In {python} zu installieren: {packages}</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>PAN {path} has {bands} bands.</source>
      <translation>PAN {path} hat {bands} Kanäle.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give the number of the PAN band. If it is the MS, PAN and MS are swapped: exchange them.</source>
      <translation>Geben Sie die Nummer des PAN-Kanals an. Ist es das MS, so sind PAN und MS vertauscht: Tauschen Sie sie.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The pixels of PAN {pan} are hardly smaller than those of MS.</source>
      <translation>Die Pixel von PAN {pan} sind kaum kleiner als die von MS.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give the ratio.</source>
      <translation>Geben Sie das Verhältnis an.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>PAN and MS are the same file, {pan}.</source>
      <translation>PAN und MS sind dieselbe Datei, {pan}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose two different files.</source>
      <translation>Wählen Sie zwei verschiedene Dateien.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The numbers of PAN and MS images differ.</source>
      <translation>Die Zahlen der PAN- und der MS-Bilder sind verschieden.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give as many PAN as MS images, in the same order.</source>
      <translation>Geben Sie so viele PAN- wie MS-Bilder an, in derselben Reihenfolge.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>PAN {pan} does not have smaller pixels than MS {ms}: {size}.</source>
      <translation>PAN {pan} hat keine kleineren Pixel als MS {ms}: {size}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>If MS has the smaller pixels, PAN and MS are swapped: exchange them.</source>
      <translation>Hat MS die kleineren Pixel, so sind PAN und MS vertauscht: Tauschen Sie sie.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>No PAN can be made of the bands of {path}: it has {bands}, or no affine grid.</source>
      <translation>Aus den Kanälen von {path} lässt sich kein PAN machen: Es hat {bands}, oder kein affines Raster.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>It takes two bands or more, on a north-up grid.</source>
      <translation>Nötig sind mindestens zwei Kanäle auf einem nach Norden ausgerichteten Raster.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>--{option} has no meaning where each MS band gets a PAN of its own.</source>
      <translation>--{option} hat keinen Sinn, wo jeder MS-Kanal ein eigenes PAN bekommt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The sizes of the arrays in {path} do not match: {found}.</source>
      <translation>Die Größen der Felder in {path} passen nicht zusammen: {found}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>A PanCollection test file contains ms, lms, pan and, at reduced resolution, gt: N x C x H x W in .h5, H x W x C in .mat.</source>
      <translation>Eine Testdatei von PanCollection enthält ms, lms, pan und, bei verringerter Auflösung, gt: N x C x H x W in .h5, H x W x C in .mat.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} lacks the arrays {missing}.</source>
      <translation>In {path} fehlen die Felder {missing}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} has {bands} bands, the sensor {model} has {model_bands}.</source>
      <translation>{path} hat {bands} Kanäle, der Sensor {model} hat {model_bands}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Name the right sensor (--sensor).</source>
      <translation>Nennen Sie den richtigen Sensor (--sensor).</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} does not exist.</source>
      <translation>{path} gibt es nicht.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} has no reference (gt).</source>
      <translation>{path} hat keine Referenz (gt).</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Train on the files train_*.h5.</source>
      <translation>Trainieren Sie mit den Dateien train_*.h5.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The name of {path} contains no known sensor (wv3, wv2, qb, gf2).</source>
      <translation>Der Name von {path} enthält keinen bekannten Sensor (wv3, wv2, qb, gf2).</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Name the sensor (--sensor).</source>
      <translation>Nennen Sie den Sensor (--sensor).</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} cannot be read: {reason}.</source>
      <translation>{path} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The file may be damaged or incomplete: copy it again.</source>
      <translation>Die Datei ist vielleicht beschädigt oder unvollständig: Kopieren Sie sie noch einmal.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} was made of other sources than those of the recipe.</source>
      <translation>{path} wurde aus anderen Quellen gemacht als denen des Rezepts.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Prepare it again.</source>
      <translation>Bereiten Sie es noch einmal vor.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The patch file {path} cannot be read: {reason}.</source>
      <translation>Die Datei mit Ausschnitten {path} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The pixels of PAN {pan} and MS {ms} differ in shape: {size}.</source>
      <translation>Die Pixel von PAN {pan} und MS {ms} haben verschiedene Formen: {size}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Warp both to square pixels, or check that the two cover the same ground.</source>
      <translation>Transformieren Sie beide auf quadratische Pixel, oder prüfen Sie, ob beide dieselbe Fläche zeigen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} has more than one image that could be {role}: {names}.</source>
      <translation>{path} hat mehr als ein Bild, das {role} sein könnte: {names}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Name the folder or the metadata file of one of them.</source>
      <translation>Nennen Sie den Ordner oder die Metadatendatei von einem davon.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The product {path} ({satellite}) has no {role}.</source>
      <translation>Das Produkt {path} ({satellite}) hat kein {role}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Name the {role} of another product, or its file.</source>
      <translation>Nennen Sie das {role} eines anderen Produkts oder seine Datei.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>This is a fault of the program; please report it.</source>
      <translation>Das ist ein Fehler des Programms; bitte melden Sie ihn.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} has complex values.</source>
      <translation>{role} {path} hat komplexe Werte.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose a raster of real values.</source>
      <translation>Wählen Sie ein Raster mit reellen Werten.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} cannot be read ({reason}).</source>
      <translation>{path} ist nicht lesbar ({reason}).</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} is placed by geolocation arrays, which are not used here.</source>
      <translation>{role} {path} liegt durch Geolokationsfelder, die hier nicht verwendet werden.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Warp it first: gdalwarp -geoloc -r cubic -t_srs EPSG:CODE {path} warped.tif</source>
      <translation>Transformieren Sie es zuerst: gdalwarp -geoloc -r cubic -t_srs EPSG:CODE {path} warped.tif</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} does not exist.</source>
      <translation>{role} {path} gibt es nicht.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Check the path of the file.</source>
      <translation>Prüfen Sie den Pfad der Datei.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} cannot be opened ({reason}).</source>
      <translation>{role} {path} lässt sich nicht öffnen ({reason}).</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>It is taken for a name of GDAL: try gdalinfo with the same name.</source>
      <translation>Es wird für einen Namen von GDAL gehalten: Versuchen Sie gdalinfo mit demselben Namen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} cannot be placed on the map by its {by}: {reason}.</source>
      <translation>{role} {path} lässt sich durch {by} nicht auf die Karte legen: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Warp it first: gdalwarp {option}-r cubic -t_srs EPSG:CODE {path} warped.tif</source>
      <translation>Transformieren Sie es zuerst: gdalwarp {option}-r cubic -t_srs EPSG:CODE {path} warped.tif</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} contains indices of a colour table, not values.</source>
      <translation>{role} {path} enthält Nummern einer Farbtabelle, keine Werte.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Expand it first: gdal_translate -expand.</source>
      <translation>Lösen Sie sie zuerst auf: gdal_translate -expand.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} is made of files of which one is missing ({reason}).</source>
      <translation>{path} besteht aus Dateien, von denen eine fehlt ({reason}).</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Put that file back, or choose another raster.</source>
      <translation>Legen Sie diese Datei zurück, oder wählen Sie ein anderes Raster.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} has pixels without a size: its geotransform is damaged.</source>
      <translation>{role} {path} hat Pixel ohne Größe: Die Geotransformation ist beschädigt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Set it again, for instance with gdal_edit -a_ullr.</source>
      <translation>Setzen Sie sie neu, zum Beispiel mit gdal_edit -a_ullr.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} lies on a rotated grid.</source>
      <translation>{role} {path} liegt auf einem gedrehten Raster.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Make it north-up first: gdalwarp -r cubic -t_srs EPSG:CODE {path} warped.tif</source>
      <translation>Richten Sie es zuerst nach Norden aus: gdalwarp -r cubic -t_srs EPSG:CODE {path} warped.tif</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} is not a raster that can be read ({reason}).</source>
      <translation>{role} {path} ist kein lesbares Raster ({reason}).</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose a raster file such as a GeoTIFF.</source>
      <translation>Wählen Sie eine Rasterdatei, etwa ein GeoTIFF.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{role} {path} has no bands of its own.</source>
      <translation>{role} {path} hat keine eigenen Kanäle.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose one of its subdatasets: {subdatasets}</source>
      <translation>Wählen Sie einen der enthaltenen Datensätze: {subdatasets}</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The ratio to reduce by must be 2 or more, not {ratio}.</source>
      <translation>Das Verhältnis, um das verkleinert wird, muss 2 oder mehr sein, nicht {ratio}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give a larger ratio.</source>
      <translation>Geben Sie ein größeres Verhältnis an.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The ratio of the pixel sizes of MS and PAN is {ratio:g}, too small for this method.</source>
      <translation>Das Verhältnis der Pixelgrößen von MS und PAN ist {ratio:g}, zu klein für dieses Verfahren.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose a PAN with smaller pixels.</source>
      <translation>Wählen Sie ein PAN mit kleineren Pixeln.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The checkpoint {checkpoint} was made with another {field}.</source>
      <translation>Der Zwischenstand {checkpoint} wurde mit anderem gemacht: {field}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose another output folder, or the same recipe; only the number of steps and the learning rates may change.</source>
      <translation>Wählen Sie einen anderen Ausgabeordner oder dasselbe Rezept; nur die Zahl der Schritte und die Lernraten dürfen sich ändern.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The recipe {path} cannot be read: {reason}.</source>
      <translation>Das Rezept {path} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The reduced pair could not be written: {reason}.</source>
      <translation>Das verkleinerte Paar konnte nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>No request came on stdin.</source>
      <translation>Auf der Standardeingabe kam keine Anforderung.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Send one line of JSON first.</source>
      <translation>Senden Sie zuerst eine Zeile JSON.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The request's field {field} cannot be {value!r}.</source>
      <translation>Das Feld {field} der Anforderung kann nicht {value!r} sein.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give a value of the field's type.</source>
      <translation>Geben Sie einen Wert vom Typ des Felds an.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The request lacks {fields}.</source>
      <translation>In der Anforderung fehlt {fields}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give every field that has no default.</source>
      <translation>Geben Sie jedes Feld an, das keine Vorgabe hat.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The request has unknown fields: {fields}.</source>
      <translation>Die Anforderung hat unbekannte Felder: {fields}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Leave them out.</source>
      <translation>Lassen Sie sie weg.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The request is not a line of JSON in UTF-8: {reason}.</source>
      <translation>Die Anforderung ist keine Zeile JSON in UTF-8: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Send one line of JSON.</source>
      <translation>Senden Sie eine Zeile JSON.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The request is not a JSON object.</source>
      <translation>Die Anforderung ist kein JSON-Objekt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Send one line of JSON with an object.</source>
      <translation>Senden Sie eine Zeile JSON mit einem Objekt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The request has protocol {spoken}, this worker has protocol {protocol}.</source>
      <translation>Die Anforderung hat das Protokoll {spoken}, dieser Arbeitsprozess das Protokoll {protocol}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The plugin and its worker come from different versions: install both again, and restart QGIS.</source>
      <translation>Erweiterung und Arbeitsprozess sind von verschiedenen Versionen: Installieren Sie beide noch einmal, und starten Sie QGIS neu.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>There is no task {task!r}.</source>
      <translation>Es gibt keine Aufgabe {task!r}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Use one of {known}.</source>
      <translation>Verwenden Sie eines von {known}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Another training is running in {run}.</source>
      <translation>In {run} läuft schon ein Training.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Wait until it has finished, or choose another run folder.</source>
      <translation>Warten Sie, bis es fertig ist, oder wählen Sie einen anderen Laufordner.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The run folder {run} cannot be written to: {reason}.</source>
      <translation>In den Laufordner {run} lässt sich nicht schreiben: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose another folder, or check its permissions.</source>
      <translation>Wählen Sie einen anderen Ordner, oder prüfen Sie seine Rechte.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The run folder {run} contains other files ({file}), which a training could replace.</source>
      <translation>Der Laufordner {run} enthält andere Dateien ({file}), die ein Training ersetzen könnte.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose an empty or a new folder.</source>
      <translation>Wählen Sie einen leeren oder einen neuen Ordner.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{run} cannot be used as the run folder: {reason}.</source>
      <translation>{run} ist als Laufordner nicht verwendbar: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{source} is smaller than {least} MS pixels.</source>
      <translation>{source} ist kleiner als {least} MS-Pixel.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{source} is too small for patches of {patch} pixels.</source>
      <translation>{source} ist zu klein für Ausschnitte von {patch} Pixeln.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The scene is too small to fine-tune a network to it: it has {height} x {width} MS pixels, or most of them are nodata.</source>
      <translation>Die Szene ist zu klein, um ein Netz auf sie abzustimmen: Sie hat {height} x {width} MS-Pixel, oder die meisten sind Leerwerte.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The scenes {unknown} cannot be held out.</source>
      <translation>Die Szenen {unknown} können nicht zurückgehalten werden.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose some, not all, of {known}.</source>
      <translation>Wählen Sie einige, nicht alle, aus {known}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The training in {run} was started with another {word}.</source>
      <translation>Das Training in {run} wurde mit anderem begonnen: {word}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Use the settings it was started with, or choose another run folder; delete that folder to start again.</source>
      <translation>Verwenden Sie die Einstellungen, mit denen es begonnen wurde, oder wählen Sie einen anderen Laufordner; um neu zu beginnen, löschen Sie jenen Ordner.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>A source is a single scene, or its images have no georeference: no share of it can be held out.</source>
      <translation>Eine Quelle ist eine einzelne Szene, oder ihre Bilder haben keine Georeferenz: Kein Anteil davon lässt sich zurückhalten.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Name the images to validate on, and make sure that they show other ground.</source>
      <translation>Nennen Sie die Bilder zum Bewerten, und achten Sie darauf, dass sie eine andere Fläche zeigen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{model} came with the plugin, so its card cannot be changed.</source>
      <translation>{model} kam mit der Erweiterung, darum lässt sich seine Karte nicht ändern.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Change the card of one of your own models instead.</source>
      <translation>Ändern Sie stattdessen die Karte eines Ihrer eigenen Modelle.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The model {start} has another network than the recipe.</source>
      <translation>Das Modell {start} hat ein anderes Netz als das Rezept.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give the same sizes in the recipe, or leave out start.</source>
      <translation>Geben Sie im Rezept dieselben Größen an, oder lassen Sie start weg.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The sampling steps of SRINO must be 1 or more, not {steps}.</source>
      <translation>Die Abtastschritte von SRINO müssen 1 oder mehr sein, nicht {steps}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Leave them out to use the model's own number.</source>
      <translation>Lassen Sie sie weg, um die Zahl des Modells zu verwenden.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The sampling steps must be from 1 to {most}, not {steps}.</source>
      <translation>Die Abtastschritte müssen zwischen 1 und {most} liegen, nicht {steps}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The table {path} does not have the columns pan and ms; it has {found}.</source>
      <translation>Die Tabelle {path} hat nicht die Spalten pan und ms, sondern {found}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Name the columns pan, ms and, if wanted, out in the first line.</source>
      <translation>Nennen Sie in der ersten Zeile die Spalten pan, ms und, wenn gewünscht, out.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>A tile of {tile} pixels is too small.</source>
      <translation>Eine Kachel von {tile} Pixeln ist zu klein.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose 256 or more.</source>
      <translation>Wählen Sie 256 oder mehr.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Stage 2 needs at least one step, and a batch at least one window.</source>
      <translation>Stufe 2 braucht mindestens einen Schritt, und ein Schritt mindestens einen Ausschnitt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Set both to 1 or more.</source>
      <translation>Setzen Sie beides auf 1 oder mehr.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The result needs about {needed}, but {folder} has {free} free.</source>
      <translation>Das Ergebnis braucht etwa {needed}, aber in {folder} sind {free} frei.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{source} has {bands} bands, the network is for {network_bands}.</source>
      <translation>{source} hat {bands} Kanäle, das Netz ist für {network_bands}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give only scenes with that many bands, or a network for any number of bands.</source>
      <translation>Geben Sie nur Szenen mit so vielen Kanälen an, oder ein Netz für beliebig viele Kanäle.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The training set {data} cannot be read: {reason}.</source>
      <translation>Der Trainingssatz {data} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Training needs {package}, which this Python environment lacks.</source>
      <translation>Training braucht {package}, was in dieser Python-Umgebung fehlt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Install torch into it.</source>
      <translation>Installieren Sie torch dort.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{target} cannot be written: {reason}.</source>
      <translation>{target} lässt sich nicht schreiben: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>In {minutes:g} minutes this device does too few steps to learn anything.</source>
      <translation>In {minutes:g} Minuten schafft dieses Gerät zu wenige Schritte, um etwas zu lernen.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give {least:g} minutes or more, or smaller batches (BATCH).</source>
      <translation>Geben Sie {least:g} Minuten oder mehr an, oder weniger Ausschnitte je Schritt (BATCH).</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Pixels of type {dtype} cannot be written.</source>
      <translation>Pixel vom Typ {dtype} lassen sich nicht schreiben.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose another output type.</source>
      <translation>Wählen Sie einen anderen Ausgabetyp.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>There is no action {action}.</source>
      <translation>Es gibt keine Aktion {action}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{folder} contains no set {unknown}.</source>
      <translation>{folder} enthält keinen Satz {unknown}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose from {sets}.</source>
      <translation>Wählen Sie aus {sets}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>There is no device {device}.</source>
      <translation>Es gibt kein Gerät {device}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Use auto, cpu or cuda.</source>
      <translation>Verwenden Sie auto, cpu oder cuda.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>There is no method {method}.</source>
      <translation>Es gibt kein Verfahren {method}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>There are no methods {unknown}.</source>
      <translation>Diese Verfahren gibt es nicht: {unknown}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Use some of {known}.</source>
      <translation>Verwenden Sie einige von {known}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>There is no phase {phase}.</source>
      <translation>Es gibt keine Phase {phase}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Use one of {phases}.</source>
      <translation>Verwenden Sie eines von {phases}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>There is no sensor {sensor!r}.</source>
      <translation>Es gibt keinen Sensor {sensor!r}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>A source of the recipe has no known kind: {entry}.</source>
      <translation>Eine Quelle des Rezepts ist von keiner bekannten Art: {entry}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give folder, pan and ms, pancollection, or generated.</source>
      <translation>Geben Sie folder, pan und ms, pancollection oder generated an.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>'{value}' is no choice for bands that PAN hardly explains.</source>
      <translation>'{value}' steht für Kanäle, die PAN kaum erklärt, nicht zur Wahl.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The values of these images cannot be computed with ({reason}).</source>
      <translation>Die Werte dieser Bilder lassen sich nicht berechnen ({reason}).</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Values that mean "no data" may be among them: name the nodata value.</source>
      <translation>Vielleicht sind Werte darunter, die "keine Daten" bedeuten: Nennen Sie den Leerwert.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Parts on a cluster need {package}, which this Python environment lacks.</source>
      <translation>Teile auf einem Cluster brauchen {package}, was in dieser Python-Umgebung fehlt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Install dask and distributed into it, or run the parts by the command run.</source>
      <translation>Installieren Sie dask und distributed dort, oder machen Sie die Teile mit dem Befehl run.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>A job in an object store needs {package}, which this Python environment lacks.</source>
      <translation>Ein Auftrag in einem Objektspeicher braucht {package}, das dieser Python-Umgebung fehlt.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Install obstore and universal_pathlib into it, or choose a folder of a file system.</source>
      <translation>Installieren Sie obstore und universal_pathlib darin, oder wählen Sie einen Ordner eines Dateisystems.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} was not reached: {reason}.</source>
      <translation>{path} wurde nicht erreicht: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>See GDAL's variables for S3: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_S3_ENDPOINT.</source>
      <translation>Siehe die Variablen von GDAL für S3: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_S3_ENDPOINT.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The store of {path} failed: {reason}.</source>
      <translation>Der Speicher von {path} hat versagt: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Check the network, the keys and the bucket, then run the same command again: what is done is kept.</source>
      <translation>Prüfen Sie Netz, Schlüssel und Bucket, und führen Sie denselben Befehl noch einmal aus: Was fertig ist, bleibt erhalten.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>No Dask scheduler with a worker answers at {address}: {reason}.</source>
      <translation>Unter {address} antwortet kein Dask-Scheduler mit einem Arbeitsprozess: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Start one (dask scheduler, dask worker), or give the word local.</source>
      <translation>Starten Sie einen (dask scheduler, dask worker), oder geben Sie das Wort local an.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{workers} workers can do nothing.</source>
      <translation>{workers} Arbeitsprozesse können nichts tun.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give 1 or more.</source>
      <translation>Geben Sie 1 oder mehr an.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{scene} and {other} cannot have one fit: their bands, ratios or sensors differ.</source>
      <translation>{scene} und {other} können keine gemeinsame Anpassung haben: Ihre Kanäle, Verhältnisse oder Sensoren sind verschieden.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Plan a job for each sensor.</source>
      <translation>Planen Sie für jeden Sensor einen Auftrag.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The scenes are too small for a fit, even together.</source>
      <translation>Die Szenen sind auch zusammen zu klein für eine Anpassung.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Leave the shared fit out.</source>
      <translation>Lassen Sie die gemeinsame Anpassung weg.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Only scene-fit and the networks have a fit that scenes can share, and none that was saved goes with it.</source>
      <translation>Nur scene-fit und die Netze haben eine Anpassung, die Szenen teilen können, und keine gespeicherte passt dazu.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Choose one of these methods, and leave the saved fit out.</source>
      <translation>Wählen Sie eines dieser Verfahren, und lassen Sie die gespeicherte Anpassung weg.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Scenes of the job {job} that are not prepared yet: {left}.</source>
      <translation>Szenen des Auftrags {job}, die noch nicht vorbereitet sind: {left}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Plan the shares that are missing, or give the folder to the command cluster.</source>
      <translation>Planen Sie die Anteile, die fehlen, oder geben Sie den Ordner dem Befehl cluster.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>{path} holds no STAC items that can be read: {reason}.</source>
      <translation>{path} enthält keine lesbaren STAC-Items: {reason}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give a file of an item, a list of items or an item collection.</source>
      <translation>Eine Datei mit einem Item, einer Liste von Items oder einer Item Collection angeben.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>The item {item} has no PAN and MS among its assets: {assets}.</source>
      <translation>Das Item {item} hat unter seinen Assets kein PAN und MS: {assets}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Name them pan and ms, or tell the common names of their bands.</source>
      <translation>Sie pan und ms nennen oder die Namen ihrer Bänder (common_name) angeben.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>There are no such settings: {settings}.</source>
      <translation>Diese Einstellungen gibt es nicht: {settings}.</translation>
    </message>
    <message>
      <location filename="../../resources/errors.json" />
      <source>Give those of core.requests.scenes.Sharpening.</source>
      <translation>Die von core.requests.scenes.Sharpening angeben.</translation>
    </message>
    <message>
      <location filename="../../resources/report/align.html" />
      <source>Multispectral image aligned to PAN</source>
      <translation>Auf PAN ausgerichtetes Multispektralbild</translation>
    </message>
    <message>
      <location filename="../../resources/report/align.html" />
      <source>Squares of the PAN and of the mixed bands of the MS in turns, in the block that matches best. Where lines break at the squares' edges, the MS is displaced.</source>
      <translation>Quadrate von PAN und den gemischten Kanälen von MS im Wechsel, in dem Block, der am besten passt. Wo Linien an den Rändern der Quadrate brechen, ist MS verschoben.</translation>
    </message>
    <message>
      <location filename="../../resources/report/align.html" />
      <source>Blocks</source>
      <translation>Blöcke</translation>
    </message>
    <message>
      <location filename="../../resources/report/align.html" />
      <source>Each arrow is one block: how far the MS lies from the PAN there, and what is left of that when the scene's shift is taken out. Arrows are drawn larger than they are; the two maps have scales of their own.</source>
      <translation>Jeder Pfeil ist ein Block: wie weit MS dort von PAN liegt, und was davon übrig ist, wenn die Verschiebung der Szene abgezogen ist. Die Pfeile sind größer gezeichnet, als sie sind; jede der beiden Karten hat ihren eigenen Maßstab.</translation>
    </message>
    <message>
      <location filename="../../resources/report/align.html" />
      <source>How it was measured</source>
      <translation>Wie gemessen wurde</translation>
    </message>
    <message>
      <location filename="../../resources/report/align.html" />
      <source>PAN and MS are compared at the pixels of the MS, in $looked windows scattered over the scene, by the detail that both resolve. Of the MS that is the mix of its bands that comes nearest to the PAN. Phase correlation gives each block's shift; the scene's is that of all windows' averaged spectra. The pair is then moved and measured again until less than 0.05 PAN pixels are left. The match is 1 where all phases fit the shift; unrelated images stay below 0.5.</source>
      <translation>PAN und MS werden bei den Pixeln von MS verglichen, in $looked über die Szene verteilten Ausschnitten, nach dem Detail, das beide auflösen. Von MS ist das die Mischung seiner Kanäle, die PAN am nächsten kommt. Phasenkorrelation ergibt die Verschiebung jedes Blocks; die der Szene ist die der gemittelten Spektren aller Ausschnitte. Dann wird das Paar bewegt und erneut gemessen, bis weniger als 0.05 PAN-Pixel übrig sind. Die Passung ist 1, wo alle Phasen zur Verschiebung passen; Bilder, die nichts miteinander zu tun haben, bleiben unter 0.5.</translation>
    </message>
    <message>
      <location filename="../../resources/report/align.html" />
      <source>Kuglin and Hines, The phase correlation image alignment method, Proc. IEEE International Conference on Cybernetics and Society, 1975. Foroosh, Zerubia and Berthod, Extension of phase correlation to subpixel registration, IEEE Transactions on Image Processing 11(3), 2002.</source>
      <translation>Kuglin and Hines, The phase correlation image alignment method, Proc. IEEE International Conference on Cybernetics and Society, 1975. Foroosh, Zerubia and Berthod, Extension of phase correlation to subpixel registration, IEEE Transactions on Image Processing 11(3), 2002.</translation>
    </message>
    <message>
      <location filename="../../resources/report/comparison.html" />
      <source>Best first, by the error, the geometric mean of ERGAS, SAM and 1 − Q2n; the best value of each column is blue and bold. The expected error is that error, corrected by what other scenes show of such tests; the method with the lowest is the one to use. ERGAS (relative error, best 0) and SAM (spectral angle in degrees, best 0) should be small; Q2n (agreement of all bands in mean, contrast and structure) and SCC (agreement of edges) close to 1. "Reprojected" is the ERGAS of the result, degraded to the MS, against the MS: how well the result gives back what it was made from. Seconds are those of this test.</source>
      <translation>Das beste zuerst, nach dem Fehler, dem geometrischen Mittel von ERGAS, SAM und 1 − Q2n; der beste Wert jeder Spalte ist blau und fett. Der erwartete Fehler ist dieser Fehler, berichtigt nach dem, was andere Szenen von solchen Tests zeigen; zu verwenden ist das Verfahren mit dem geringsten. ERGAS (relativer Fehler, am besten 0) und SAM (spektraler Winkel in Grad, am besten 0) sollten klein sein, Q2n (Übereinstimmung aller Kanäle in Mittel, Kontrast und Struktur) und SCC (Übereinstimmung der Kanten) nahe 1. „Vergröbert“ ist der ERGAS des Ergebnisses, auf MS vergröbert, gegen MS: wie gut das Ergebnis wiedergibt, woraus es gemacht wurde. Die Sekunden sind die dieses Tests.</translation>
    </message>
    <message>
      <location filename="../../resources/report/comparison.html" />
      <source>How they were compared</source>
      <translation>Wie sie verglichen wurden</translation>
    </message>
    <message>
      <location filename="../../resources/report/comparison.html" />
      <source>Nobody knows what the sharp image of this scene looks like; so the test is made at reduced resolution, where it is known. The MS was blurred as the sensor's optics would blur it, and PAN and MS were both made $ratio times coarser (Wald's protocol), PAN so that it is as sharp or as soft as it was. Every method sharpened this coarse pair, and the MS as it was delivered is the reference that the results are compared with. $where</source>
      <translation>Niemand weiß, wie das scharfe Bild dieser Szene aussieht; darum wird bei verringerter Auflösung getestet, wo man es weiß. MS wurde so unscharf gemacht, wie die Optik des Sensors es täte, und PAN und MS wurden beide $ratio-mal gröber gemacht (Protokoll von Wald), PAN so, dass es so scharf oder weich ist wie zuvor. Jedes Verfahren schärfte dieses grobe Paar, und MS, wie es geliefert wurde, ist die Referenz, mit der die Ergebnisse verglichen werden. $where</translation>
    </message>
    <message>
      <location filename="../../resources/report/comparison.html" />
      <source>How far this holds</source>
      <translation>Wie weit das trägt</translation>
    </message>
    <message>
      <location filename="../../resources/report/comparison.html" />
      <source>What is best at reduced resolution is usually best at full resolution too, but need not be to the last digit: details of a few PAN pixels do not exist in the test, and small differences may be chance. The blur is that of the sensor's card or, for an unknown sensor, a typical one. The test tells the methods apart on this scene; it does not say how good the sharpened image is in itself.</source>
      <translation>Was bei verringerter Auflösung am besten ist, ist es meist auch bei voller, aber nicht unbedingt bis zur letzten Ziffer: Details von wenigen PAN-Pixeln gibt es im Test nicht, und kleine Unterschiede können Zufall sein. Die Unschärfe ist die aus der Karteikarte des Sensors oder, bei unbekanntem Sensor, eine typische. Der Test unterscheidet die Verfahren an dieser Szene; er sagt nicht, wie gut das geschärfte Bild an sich ist.</translation>
    </message>
    <message>
      <location filename="../../resources/report/descriptors.html" />
      <source>Descriptors, without a reference</source>
      <translation>Beschreibende Werte, ohne Referenz</translation>
    </message>
    <message>
      <location filename="../../resources/report/descriptors.html" />
      <source>They describe how the fused image relates to the MS and the PAN at full resolution, where nobody knows the truth. They are no measure of quality, and they describe, do not rank: of two images, the one with the better number may be the worse one against a reference.</source>
      <translation>Sie beschreiben, wie das geschärfte Bild sich bei voller Auflösung zu MS und PAN verhält, wo niemand die Wahrheit kennt. Sie sind kein Maß der Güte, und sie beschreiben, statt zu ordnen: Von zwei Bildern kann das mit der besseren Zahl gegen eine Referenz das schlechtere sein.</translation>
    </message>
    <message>
      <location filename="../../resources/report/quality.html" />
      <source>Pansharpening quality</source>
      <translation>Güte des Pansharpenings</translation>
    </message>
    <message>
      <location filename="../../resources/report/quality.html" />
      <source>Consistency with the MS</source>
      <translation>Übereinstimmung mit MS</translation>
    </message>
    <message>
      <location filename="../../resources/report/quality.html" />
      <source>The fused image, reprojected (degraded by the sensor's optics to the MS' pixels), should give the MS back. Q is the universal quality index of one band.</source>
      <translation>Das geschärfte Bild, vergröbert (wie durch die Optik des Sensors auf die Pixel von MS), sollte wieder MS ergeben. Q ist der universelle Güteindex eines Kanals.</translation>
    </message>
    <message>
      <location filename="../../resources/report/quality.html" />
      <source>$against_bands Detail is the correlation of the band's finest structures with those of the PAN.</source>
      <translation>$against_bands Detail ist die Korrelation der feinsten Strukturen des Kanals mit denen von PAN.</translation>
    </message>
    <message>
      <location filename="../../resources/report/quality.html" />
      <source>At full resolution</source>
      <translation>Bei voller Auflösung</translation>
    </message>
    <message>
      <location filename="../../resources/report/quality.html" />
      <source>The same places in every image, pixel by pixel. All but the PAN share one stretch, the middle $middle&amp;nbsp;% of the MS' values. In the last panel squares of the PAN and of the fused image take turns, in grey: where lines break at the squares' edges, the image is displaced.</source>
      <translation>Dieselben Stellen in jedem Bild, Pixel für Pixel. Alle außer PAN haben dieselbe Streckung, die mittleren $middle&amp;nbsp;% der Werte von MS. Im letzten Feld wechseln Quadrate von PAN und vom geschärften Bild, in Grau: Wo Linien an den Rändern der Quadrate brechen, ist das Bild verschoben.</translation>
    </message>
    <message>
      <location filename="../../resources/report/quality.html" />
      <source>The whole image</source>
      <translation>Das ganze Bild</translation>
    </message>
    <message>
      <location filename="../../resources/report/quality.html" />
      <source>Error of each band</source>
      <translation>Fehler jedes Kanals</translation>
    </message>
    <message>
      <location filename="../../resources/report/quality.html" />
      <source>Values of each band</source>
      <translation>Werte jedes Kanals</translation>
    </message>
    <message>
      <location filename="../../resources/report/quality.html" />
      <source>Above, how often each value occurs: &lt;span class="key"&gt;the grey area is the MS&lt;/span&gt;, &lt;span class="key"&gt;the blue line the fused image&lt;/span&gt; degraded to the MS' pixels. Below, the one over the other, darker where there are more pixels; the dashed line is equality, the orange one the regression. A good image lies on the dashed line, with slope 1 and correlation r of nearly 1.</source>
      <translation>Oben, wie oft jeder Wert vorkommt: &lt;span class="key"&gt;die graue Fläche ist MS&lt;/span&gt;, &lt;span class="key"&gt;die blaue Linie das geschärfte Bild&lt;/span&gt;, auf die Pixel von MS vergröbert. Unten das eine über dem anderen, dunkler, wo mehr Pixel sind; die gestrichelte Linie ist Gleichheit, die orange die Regression. Ein gutes Bild liegt auf der gestrichelten Linie, mit Steigung 1 und Korrelation r von fast 1.</translation>
    </message>
    <message>
      <location filename="../../resources/report/quality.html" />
      <source>Settings and versions</source>
      <translation>Einstellungen und Versionen</translation>
    </message>
    <message>
      <location filename="../../resources/report/quality.html" />
      <source>How this was computed</source>
      <translation>Wie dies berechnet wurde</translation>
    </message>
    <message>
      <location filename="../../resources/report/quality.html" />
      <source>$indices To be compared with the MS, the fused image is blurred by the sensor's modulation transfer function (a Gaussian that has the gains above at the Nyquist frequency) and sampled at the centres of the MS' pixels; Q2n and Q are then means over blocks of 32 × 32 MS pixels. $left_out Blocks that hold one are left out too; all others count, not a part of them.</source>
      <translation>$indices Zum Vergleich mit MS wird das geschärfte Bild mit der Modulationsübertragungsfunktion des Sensors unscharf gemacht (einer Gaußkurve, die bei der Nyquist-Frequenz die obigen Werte hat) und an den Mitten der Pixel von MS abgetastet; Q2n und Q sind dann Mittel über Blöcke von 32 × 32 MS-Pixeln. $left_out Blöcke, die eines enthalten, sind auch ausgelassen; alle anderen zählen, nicht nur ein Teil von ihnen.</translation>
    </message>
    <message>
      <location filename="../../resources/report/quality.html" />
      <source>The verdict follows from the numbers alone. Attention is called to bands that look more like another band of the MS than like their own (less than half as much of the variance left unexplained), to a displacement of $shift_finding PAN pixel or more, to a mean that is more than $bias&amp;nbsp;% off, to colours that depart from the MS by more than $away&amp;nbsp;% (root mean square) or $angle degrees, and to images of which less than $coverage&amp;nbsp;% could be assessed. No number can replace a look at the image.</source>
      <translation>Das Urteil folgt allein aus den Zahlen. Hingewiesen wird auf Kanäle, die einem anderen Kanal von MS ähnlicher sind als dem eigenen (weniger als halb so viel der Varianz bleibt unerklärt), auf eine Verschiebung von $shift_finding PAN-Pixel oder mehr, auf ein Mittel, das mehr als $bias&amp;nbsp;% daneben liegt, auf Farben, die um mehr als $away&amp;nbsp;% (quadratisches Mittel) oder $angle Grad von MS abweichen, und auf Bilder, von denen weniger als $coverage&amp;nbsp;% beurteilt werden konnten. Keine Zahl ersetzt den Blick auf das Bild.</translation>
    </message>
    <message>
      <location filename="../../resources/report/quality.html" />
      <source>SAM: Yuhas, Goetz and Boardman 1992. ERGAS: Wald 2000. Q2n: Garzelli and Nencini, IEEE GRSL 6(4), 2009. SCC: Zhou, Civco and Silander, IJRS 19(4), 1998. SSIM: Wang et al., IEEE TIP 13(4), 2004. D&lt;sub&gt;λ&lt;/sub&gt;, D&lt;sub&gt;s&lt;/sub&gt;, QNR: Alparone et al., PE&amp;amp;RS 74(2), 2008. D&lt;sub&gt;λ,K&lt;/sub&gt;: Khan, Alparone and Chanussot, IEEE TGRS 47(11), 2009. HQNR: Aiazzi et al., SPIE 9244, 2014. Protocols: Wald, Ranchin and Mangolini, PE&amp;amp;RS 63(6), 1997; Alparone et al., IEEE TGRS 45(10), 2007. The indices are those of the toolbox of Vivone et al., IEEE GRSM 9(1), 2021.</source>
      <translation>SAM: Yuhas, Goetz und Boardman 1992. ERGAS: Wald 2000. Q2n: Garzelli und Nencini, IEEE GRSL 6(4), 2009. SCC: Zhou, Civco und Silander, IJRS 19(4), 1998. SSIM: Wang et al., IEEE TIP 13(4), 2004. D&lt;sub&gt;λ&lt;/sub&gt;, D&lt;sub&gt;s&lt;/sub&gt;, QNR: Alparone et al., PE&amp;amp;RS 74(2), 2008. D&lt;sub&gt;λ,K&lt;/sub&gt;: Khan, Alparone und Chanussot, IEEE TGRS 47(11), 2009. HQNR: Aiazzi et al., SPIE 9244, 2014. Protokolle: Wald, Ranchin und Mangolini, PE&amp;amp;RS 63(6), 1997; Alparone et al., IEEE TGRS 45(10), 2007. Die Indizes sind die der Toolbox von Vivone et al., IEEE GRSM 9(1), 2021.</translation>
    </message>
    <message>
      <location filename="../../resources/report/scenetest.html" />
      <source>Pansharpening methods compared on the scene</source>
      <translation>An der Szene verglichene Verfahren des Pansharpenings</translation>
    </message>
    <message>
      <location filename="../../resources/report/scenetest.html" />
      <source>Settings</source>
      <translation>Einstellungen</translation>
    </message>
    <message>
      <location filename="../../resources/report/scenetest.html" />
      <source>Wald, Ranchin and Mangolini, Fusion of satellite images of different spatial resolutions, Photogrammetric Engineering &amp;amp; Remote Sensing 63(6), 1997. Vivone et al., A new benchmark based on recent advances in multispectral pansharpening, IEEE Geoscience and Remote Sensing Magazine 9(1), 2021.</source>
      <translation>Wald, Ranchin and Mangolini, Fusion of satellite images of different spatial resolutions, Photogrammetric Engineering &amp;amp; Remote Sensing 63(6), 1997. Vivone et al., A new benchmark based on recent advances in multispectral pansharpening, IEEE Geoscience and Remote Sensing Magazine 9(1), 2021.</translation>
    </message>
    <message>
      <location filename="../../resources/sensors/amazonia1.json" />
      <source>None published that could be cited; the default of DLPan-Toolbox (genMTF, MTF_PAN) for sensors it does not know</source>
      <translation>Veröffentlicht ist nichts, was sich zitieren ließe; die Vorgabe der DLPan-Toolbox (genMTF, MTF_PAN) für Sensoren, die sie nicht kennt</translation>
    </message>
    <message>
      <location filename="../../resources/sensors/geoeye1.json" />
      <source>DLPan-Toolbox: genMTF (MS), MTF_PAN (PAN)</source>
      <translation>DLPan-Toolbox: genMTF (MS), MTF_PAN (PAN)</translation>
    </message>
    <message>
      <location filename="../../resources/sensors/kompsat3.json" />
      <source>PAN: about 16 % at Nyquist, measured in orbit on stars (On-orbit MTF estimation for the KOMPSAT-3 satellite using star images, Remote Sensing Letters). MS bands: none published that could be cited; the default of DLPan-Toolbox</source>
      <translation>PAN: etwa 16 % bei Nyquist, in der Umlaufbahn an Sternen gemessen (On-orbit MTF estimation for the KOMPSAT-3 satellite using star images, Remote Sensing Letters). MS-Kanäle: nichts veröffentlicht, was sich zitieren ließe; die Vorgabe der DLPan-Toolbox</translation>
    </message>
    <message>
      <location filename="../../resources/sensors/sentinel2.json" />
      <source>Gains at Nyquist as in the public code of SupReME (Lanaras, Bioucas-Dias, Baltsavias, Schindler, CVPR Workshops 2017), which has them from ESA's quality report; PAN, which it does not have, is the default of DLPan-Toolbox</source>
      <translation>Werte bei Nyquist wie im veröffentlichten Code von SupReME (Lanaras, Bioucas-Dias, Baltsavias, Schindler, CVPR Workshops 2017), der sie aus dem Gütebericht der ESA hat; PAN, das dort fehlt, ist die Vorgabe der DLPan-Toolbox</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Starting</source>
      <translation>Start</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Preparing</source>
      <translation>Vorbereitung</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Opening the files</source>
      <translation>Dateien werden geöffnet</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Looking for pairs</source>
      <translation>Paare werden gesucht</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Pair {} of {}, {}: {}</source>
      <translation>Paar {} von {}, {}: {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Comparing PAN and MS</source>
      <translation>PAN und MS werden verglichen</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Statistics of the scene</source>
      <translation>Statistik der Szene</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The scene is known</source>
      <translation>Die Szene ist bekannt</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Diffusing the prior, making the kernels</source>
      <translation>Vorwissen und Kerne werden erzeugt</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Measuring how much detail to add</source>
      <translation>Gemessen wird, wie viel Detail hinzukommt</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Calibrating on windows of the scene</source>
      <translation>Eichung an Ausschnitten der Szene</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Fitting at reduced resolution</source>
      <translation>Anpassung bei verringerter Auflösung</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Fitting at full resolution</source>
      <translation>Anpassung bei voller Auflösung</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Adapting the network to the scene</source>
      <translation>Das Netz wird auf die Szene abgestimmt</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Sharpening</source>
      <translation>Schärfen</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Tile {} of {}, step {} of {}</source>
      <translation>Kachel {} von {}, Schritt {} von {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Tile {} of {}</source>
      <translation>Kachel {} von {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Error bar, tile {} of {}</source>
      <translation>Fehlerbalken, Kachel {} von {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Joining the bands</source>
      <translation>Kanäle werden zusammengefügt</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Finishing the file</source>
      <translation>Datei wird fertiggestellt</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Writing</source>
      <translation>Schreiben</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Files</source>
      <translation>Dateien</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Largest value</source>
      <translation>Größter Wert</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Scores, tile {} of {}</source>
      <translation>Werte, Kachel {} von {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>PAN and reference, tile {} of {}</source>
      <translation>PAN und Referenz, Kachel {} von {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>MS, tile {} of {}</source>
      <translation>MS, Kachel {} von {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Testing {} on the scene</source>
      <translation>{} wird an der Szene getestet</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Loading the network</source>
      <translation>Das Netz wird geladen</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Measuring how long a step takes here</source>
      <translation>Gemessen wird, wie lange hier ein Schritt dauert</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Training stage {} of 2, step {} of {}, loss {}</source>
      <translation>Training, Stufe {} von 2, Schritt {} von {}, Verlust {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Measuring the model on what was held out</source>
      <translation>Das Modell wird an Zurückgehaltenem gemessen</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Writing the model</source>
      <translation>Das Modell wird geschrieben</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Checking the model</source>
      <translation>Das Modell wird geprüft</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Reading {}</source>
      <translation>{} wird gelesen</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Writing the training set</source>
      <translation>Der Trainingssatz wird geschrieben</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Sensor: {}.</source>
      <translation>Sensor: {}.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>PAN {} x {}, MS {}, ratio {}, {}.</source>
      <translation>PAN {} x {}, MS {}, Verhältnis {}, {}.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Prepared {} in {} s.</source>
      <translation>{} in {} s vorbereitet.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} will take about {} on this device.</source>
      <translation>{}: auf diesem Gerät etwa {}.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} in {} s, {} s of it waiting for the disk.</source>
      <translation>{} in {} s, davon {} s Warten auf die Festplatte.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Detail added to each band: {}</source>
      <translation>Hinzugefügtes Detail je Kanal: {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The network was shown {} of the scene, on {}.</source>
      <translation>Dem Netz wurden {} der Szene gezeigt, auf {}.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Fitted on {} MS pixels; sharpness of PAN {}.</source>
      <translation>Angepasst an {} MS-Pixel; Schärfe von PAN {}.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} pixels have no data, {} % of the result.</source>
      <translation>{} Pixel haben keine Daten, {} % des Ergebnisses.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} values ({} %) were clipped to what the file can hold, {} to {}.</source>
      <translation>{} Werte ({} %) wurden auf das gekürzt, was die Datei aufnehmen kann, {} bis {}.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} tile</source>
      <translation>{} Kachel</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} tiles</source>
      <translation>{} Kacheln</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The MS lies {}; it is moved back.</source>
      <translation>MS liegt {}; es wird zurückgeschoben.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The MS lies {}; PAN is moved there.</source>
      <translation>MS liegt {}; PAN wird dorthin verschoben.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>MS is reprojected from {} to {}.</source>
      <translation>MS wird von {} nach {} umprojiziert.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} windows</source>
      <translation>{} Ausschnitte</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} window</source>
      <translation>{} Ausschnitt</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} tiles, {} steps each,</source>
      <translation>{} Kacheln mit je {} Schritten</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} tile, {} steps each,</source>
      <translation>{} Kachel mit {} Schritten</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Sharpening with {}: {}.</source>
      <translation>Geschärft wird mit {}: {}.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The GPU is not used: {}.</source>
      <translation>Die Grafikkarte wird nicht verwendet: {}.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>the installed onnxruntime is one for the CPU</source>
      <translation>das installierte onnxruntime ist eines für den Prozessor</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>onnxruntime could not load its part for CUDA</source>
      <translation>onnxruntime konnte seinen Teil für CUDA nicht laden</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>PAN hardly explains the detail of {} (correlation at the resolution of MS); it is {}.</source>
      <translation>PAN erklärt das Detail von {} kaum (Korrelation bei der Auflösung von MS); Umgang damit: {}.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>sharpened as the others (unseen-bands gentle or interpolate is more careful)</source>
      <translation>geschärft wie die übrigen ('Kanäle, die PAN kaum erklärt' bietet Vorsichtigeres)</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>given {} % of the detail</source>
      <translation>{} % des Details</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>only interpolated</source>
      <translation>nur interpoliert</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>To sharpen: {} of {}, {} of them doubtful.</source>
      <translation>Zu schärfen: {} von {}, davon {} zweifelhaft.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{}: {}; ready.</source>
      <translation>{}: {}; zu schärfen.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{}: {}; doubtful. {}</source>
      <translation>{}: {}; zweifelhaft. {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{}: {}; no pair. {}</source>
      <translation>{}: {}; kein Paar. {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{}: {}; left out.</source>
      <translation>{}: {}; ausgelassen.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{}: {}; left out. {}</source>
      <translation>{}: {}; ausgelassen. {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{}: {}; already there.</source>
      <translation>{}: {}; schon da.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{}: {}; already there. {}</source>
      <translation>{}: {}; schon da. {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{}: {}; not sharpened. {}</source>
      <translation>{}: {}; wird nicht geschärft. {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{}: held out</source>
      <translation>{}: zurückgehalten</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{}: to train on</source>
      <translation>{}: zum Trainieren</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Left out: {}</source>
      <translation>Ausgelassen: {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>A step takes {} s in stage 1 and {} s in stage 2 on this device: {} and {} steps in about {} minutes.</source>
      <translation>Ein Schritt dauert auf diesem Gerät {} s in Stufe 1 und {} s in Stufe 2: {} und {} Schritte in etwa {} Minuten.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>On held-out windows, {}: {}</source>
      <translation>An zurückgehaltenen Ausschnitten, {}: {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Nothing was held out of training: the model has no scores.</source>
      <translation>Vom Training wurde nichts zurückgehalten: Das Modell hat keine Werte.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The comparison in use was stopped; the model is written.</source>
      <translation>Der Vergleich im Gebrauch wurde angehalten; das Modell ist geschrieben.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The scenes are too small to hold anything out: the model will have no scores.</source>
      <translation>Die Szenen sind zu klein, um etwas zurückzuhalten: Das Modell wird keine Werte haben.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Stopped in stage {} after {} steps; the same run folder goes on from there.</source>
      <translation>In Stufe {} nach {} Schritten angehalten; mit demselben Laufordner geht es von dort weiter.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>In use, on {} of ground that it was not trained on, its ERGAS is {}: {}. {}</source>
      <translation>Im Gebrauch, auf {} Fläche, die nicht zum Training diente, ist sein ERGAS {}: {}. {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>one piece</source>
      <translation>einem Stück</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} pieces</source>
      <translation>{} Stücken</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} against {} ({}) and {} against {} ({})</source>
      <translation>{} gegen {} ({}) und {} gegen {} ({})</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} against {} ({})</source>
      <translation>{} gegen {} ({})</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>the scene fit</source>
      <translation>die Szenenanpassung</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>the weights it began with</source>
      <translation>die Gewichte, mit denen es begann</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>It is better than both there.</source>
      <translation>Dort ist es besser als beide.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>It is better there.</source>
      <translation>Dort ist es besser.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>That is no gain: {} is at least as good.</source>
      <translation>Das ist kein Gewinn: {} ist mindestens so gut.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>That is no gain: {} are at least as good.</source>
      <translation>Das ist kein Gewinn: {} sind mindestens so gut.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} was not sharpened: {}</source>
      <translation>{} wurde nicht geschärft: {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} was left out: {}</source>
      <translation>{} wurde ausgelassen: {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The methods were not compared on this scene: {}</source>
      <translation>Die Verfahren wurden an dieser Szene nicht verglichen: {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The report {} was not written: the methods were not compared.</source>
      <translation>Der Bericht {} wurde nicht geschrieben: die Verfahren wurden nicht verglichen.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The report was not written: {}</source>
      <translation>Der Bericht wurde nicht geschrieben: {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Only {} % of the result has data; PAN and MS have {} % of it in common, and {} % with data in both. Check their nodata values, masks and georeference.</source>
      <translation>Nur {} % des Ergebnisses haben Daten; PAN und MS haben {} % davon gemeinsam, und {} % mit Daten in beiden. Leerwerte, Masken und Georeferenz prüfen.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>No method comes closer to the reference than interpolation does: PAN and MS may be displaced against each other, or show different days.</source>
      <translation>Kein Verfahren kommt der Referenz näher als die Interpolation: PAN und MS sind vielleicht gegeneinander verschoben oder von verschiedenen Tagen.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Nodata {} does not fit the result: {} is written.</source>
      <translation>Der Leerwert {} passt nicht in das Ergebnis: {} wird geschrieben.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Memory ran out for {} px: going on in parts of {} px, which gives the same result and takes longer. A smaller tile size avoids this.</source>
      <translation>Für {} px reichte der Speicher nicht: weiter geht es in Teilen von {} px, mit demselben Ergebnis in längerer Zeit. Eine kleinere Kachelgröße vermeidet das.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>This will take long, about {}. Fewer steps, a smaller extent, or a GPU make it shorter; it can be cancelled at any time.</source>
      <translation>Das dauert lange, etwa {}. Weniger Schritte, eine kleinere Ausdehnung oder eine Grafikkarte verkürzen es; abbrechen geht jederzeit.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The method gave no number for {} valid pixels: written as nodata.</source>
      <translation>Das Verfahren gab für {} gültige Pixel keine Zahl: sie sind Leerwerte.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>torch finds no working CUDA: the network is fine-tuned on the CPU.</source>
      <translation>torch findet kein brauchbares CUDA: das Netz wird auf dem Prozessor feinabgestimmt.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>After {} seconds, {} of {} steps to adapt to the scene were done: with more time the result does not depend on this machine.</source>
      <translation>Nach {} Sekunden waren {} von {} Schritten der Feinabstimmung getan: mit mehr Zeit hängt das Ergebnis nicht von diesem Rechner ab.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} was trained for ratios from {} to {}, this pair has {}: compare the result with a classical method.</source>
      <translation>{} wurde für Verhältnisse von {} bis {} trainiert, dieses Paar hat {}: das Ergebnis mit einem klassischen Verfahren vergleichen.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>This scene is too small for a fit ({} x {} MS pixels, or most of them without data): it is sharpened by {} with back-projection.</source>
      <translation>Diese Szene ist für eine Anpassung zu klein ({} x {} MS-Pixel, oder die meisten ohne Daten): sie wird mit {} und Rückprojektion geschärft.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>With {} steps, looking at the scene alone takes about {} on this device, and the tiles come after it. Fewer steps or a GPU make it shorter; it can be cancelled.</source>
      <translation>Mit {} Schritten dauert allein der Blick auf die Szene auf diesem Gerät etwa {}, und die Kacheln kommen danach. Weniger Schritte oder eine Grafikkarte verkürzen es; abbrechen geht.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{}: {} % of its pixels are infinite, or as good as that. They are left out as missing data.</source>
      <translation>{}: {} % der Pixel sind unendlich oder so gut wie das. Sie gelten als fehlende Daten.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{}: {} % of its pixels are {}, far from all others, and no file says what that is. They are left out as missing data.</source>
      <translation>{}: {} % der Pixel sind {}, weit weg von allen anderen, und keine Datei sagt, was das ist. Sie gelten als fehlende Daten.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{}: {} % of its pixels are {} in a collar or gap, and no file says what that is. They are left out as missing data.</source>
      <translation>{}: {} % der Pixel sind {} in einem Rand oder einer Lücke, und keine Datei sagt, was das ist. Sie gelten als fehlende Daten.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{}: {} % of its pixels are {} in areas that end sharply. They stay as data; if they are not, name {} as nodata.</source>
      <translation>{}: {} % der Pixel sind {} in Flächen, die scharf enden. Sie bleiben Daten; sind sie es nicht, {} als Leerwert nennen.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The collar or gap of {} stays after all: the image is resampled, and the value is elsewhere too. Named as nodata it is left out everywhere.</source>
      <translation>Der Rand oder die Lücke aus {} bleibt doch: das Bild ist umgerechnet, und der Wert kommt auch sonst vor. Als Leerwert genannt gilt er überall als fehlend.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Only one of {} and {} has a CRS; assuming the same.</source>
      <translation>Nur eines von {} und {} hat ein KBS; dasselbe wird angenommen.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The CRS of {} is no place on Earth; assuming that of {}.</source>
      <translation>Das KBS von {} ist kein Ort auf der Erde; das von {} wird angenommen.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The creation option {} is of GTiff, not of COG: it is not used.</source>
      <translation>Die Erzeugungsoption {} ist von GTiff, nicht von COG: sie wird nicht verwendet.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The creation options change the values: by {} in RMS, at most by {}, in one tile.</source>
      <translation>Die Erzeugungsoptionen ändern die Werte: um {} im quadratischen Mittel, höchstens um {}, in einer Kachel.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>They also change where there is no data: {} % of the pixels of that tile.</source>
      <translation>Sie ändern auch, wo keine Daten sind: {} % der Pixel dieser Kachel.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>Interpolated bicubically to the pixels of the finest band ({}): {}.</source>
      <translation>Bikubisch auf die Pixel des feinsten Kanals ({}) interpoliert: {}.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} may be too small for the result.</source>
      <translation>{} ist vielleicht zu klein für das Ergebnis.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{} lacks files of bands: {}.</source>
      <translation>{} fehlen Dateien von Kanälen: {}.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>PAN and MS have too little in common to be aligned, or lie too far apart: MS stays where it is.</source>
      <translation>PAN und MS haben für eine Ausrichtung zu wenig gemeinsam oder liegen zu weit auseinander: MS bleibt, wo es ist.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>The MS lies {}. Detail may not sit on its colours: choose to align it to the PAN (ALIGN in QGIS, --align at the command line).</source>
      <translation>MS liegt {}. Detail und Farben liegen dann vielleicht nicht aufeinander: 'MS zuerst an PAN ausrichten' wählen (ALIGN).</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>### {}, {}, {} scene</source>
      <translation>### {}, {}, {} Szene</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>### {}, {}, {} scenes</source>
      <translation>### {}, {}, {} Szenen</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>### All at {}: {} over that of a reference, {} sets, {} scenes</source>
      <translation>### Alle bei {}: {} im Verhältnis zu dem einer Referenz, {} Sätze, {} Szenen</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>{}, {}, {}: {}</source>
      <translation>{}, {}, {}: {}</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>error</source>
      <translation>Fehler</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>expected</source>
      <translation>erwartet</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>reprojected</source>
      <translation>vergröbert</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>worst</source>
      <translation>max.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>lower on</source>
      <translation>kleiner</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>to best classical</source>
      <translation>zu bestem klass.</translation>
    </message>
    <message>
      <location filename="../../resources/worker_sentences.json" />
      <source>to scene fit</source>
      <translation>zu Anpassung</translation>
    </message>
  </context>
</TS>
