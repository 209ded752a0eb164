<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>KSDiff</name>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Compare methods on scenes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Scores of every method on every scene of a folder.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>pansharpen,benchmark,compare,quality,ergas,sam,q2n,wald</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Methods (none chosen: all)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Folder of scenes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>One folder per set in it, with pairs X_pan.tif and X_ms.tif. Or a test file of PanCollection (.h5 or .mat), by its path.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>None chosen: all. 'auto' is the method that KSDiff pansharpening would take; 'ksdiff-adapted', 'srino-adapted' and 'auto-adapted' are KSDiff, SRINO and 'auto' where the network may adapt to each scene, which needs seconds.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>With more than 0 the adapted methods are compared, too; that takes twice as many seconds for each scene and resolution.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>A row of scores per scene and method.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Table</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Table as JSON</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>The same for programs.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>{} needs time: give the seconds to adapt the network to a scene.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Pansharpened</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Ratio of the pixel sizes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Number of tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Seconds taken</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>ERGAS of the method used, in the comparison</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>SAM of the method used, in the comparison (degrees)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>MS pixels compared</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Method used</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Why that method was used</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Sensor reckoned with</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Method that 'auto' takes by the comparison</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Best classical method of the comparison</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Scores of the comparison (JSON)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>What adapting the network to the scene does</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Device used</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Model used</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Spread over seeds</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Steps taken</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>SAM per pixel</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Q2n per block</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Error per band</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>SAM: Spectral angle (degrees; 0 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>ERGAS: Relative error over all bands (0 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Q2n: Universal quality of all bands together (1 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>SCC: Correlation of the details (1 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>PSNR: Peak signal to noise (dB; higher is better)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>SSIM: Structural similarity (1 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>D_lambda: Spectral distortion of QNR (0 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>D_lambda_K: Spectral distortion of HQNR (0 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>D_s: Spatial distortion (0 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>QNR: Quality without a reference (1 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>HQNR: Hybrid quality without a reference (1 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>SAM: Spectral angle, degraded to MS (degrees; 0 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>ERGAS: Relative error, degraded to MS (0 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Q2n: Universal quality, degraded to MS (1 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Displacement against MS, down (PAN pixels; 0 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Displacement against MS, to the right (PAN pixels; 0 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Largest departure of a band's mean (percent; 0 is best)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Pixels assessed</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>What needs attention, a line each</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Reduced PAN</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Reduced MS</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Ratio used</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Rows of the table</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/bench.py" />
      <source>Evaluation</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>{} '{}' has no band {}: it has {}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>A band of {} '{}' was chosen twice.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>'{}' has {} bands: choose the panchromatic one (advanced parameter 'Band of PAN'), or another layer as PAN.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>PAN and MS are the same file. Choose the finer, panchromatic image as PAN.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>'{}' and '{}' do not overlap.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>They seem to be exchanged.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The pixels of PAN '{}' are not finer than those of MS '{}'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>a CRS without a code</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>PAN is in {}, MS in {}: one of them may be declared wrongly.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>its pixels are {:.4g} x {:.4g} of the other's.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>its pixels lie beside the other's.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>it reaches beyond the other.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>'{}' does not lie on the pixel grid of '{}': </source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>1 band</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>{} bands</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>'{}' has {}, to be compared with {} of MS: choose these by 'Bands of MS'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The output must not be one of the inputs or other outputs: {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The output is {}: name it {}, not {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The folder of the output does not exist: {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The model 'custom' needs a model file (advanced parameter).</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The model file does not exist: {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The scenes are a folder, or a file named {}, not {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source> or </source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/checks.py" />
      <source>The folder does not exist: {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>Classical pansharpening</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>Brovey, GSA, BT-H, MTF-GLP-FS, BDSD-PC, or what has the least error on this scene.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>pansharpen,pan-sharpening,fusion,brovey,gram-schmidt,gsa,bt-h,mtf-glp,bdsd</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>Method</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>'auto' compares them on scattered windows of the scene at reduced resolution, and takes that of the least error. 'exp' only interpolates MS.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/classical.py" />
      <source>Pansharpening</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/ksdiff.py" />
      <source>Sharpens a multispectral image with a finer panchromatic one.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/ksdiff.py" />
      <source>'auto' takes KSDiff, unless the error of another method in the comparison on this scene is more than 10 % lower: then that one. 'ksdiff' takes KSDiff, whatever the comparison says of the others.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/ksdiff.py" />
      <source>The method 'auto' needs the comparison: tick 'Compare with the other methods on this scene', or choose the method 'ksdiff'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/ksdiff.py" />
      <source>pansharpen,pan-sharpening,fusion,multispectral,satellite,deep learning,diffusion</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/learned.py" />
      <source>{} pansharpening</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/learned.py" />
      <source>Compare with the other methods on this scene</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/learned.py" />
      <source>Before it sharpens the scene, {0} learns on it: on the pair made coarser, where MS itself is the truth. That is first tested one step coarser still, for as long again, and only done where it lowers the error; the log tells by how much. It needs the package torch in the plugin's Python environment; without it the network is used as it is.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/learned.py" />
      <source>Runs all methods on scattered windows of the scene at reduced resolution, where MS itself is the truth. It takes seconds; the log shows the scores.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/learned.py" />
      <source>The network was adapted</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpen.py" />
      <source>A creation option is NAME=VALUE, not '{}'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpen.py" />
      <source>Sharpened by {}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpen.py" />
      <source>It was asked for.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpen.py" />
      <source>The methods could not be compared on this scene; see the log.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpen.py" />
      <source>{} was to be used, but cannot be; see the log.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpen.py" />
      <source>It had the least error in the comparison on this scene.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/pansharpen.py" />
      <source>In the comparison on this scene the error of {} was {:.1f} % lower, too little to prefer it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Panchromatic (PAN)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>The finer, single-band image. The result lies exactly on its pixel grid.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Band of PAN</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Which band is panchromatic; needed only where PAN has several.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Multispectral (MS)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>The coarser image with the colours; it must overlap PAN.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Bands of MS (none chosen: all)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Bands to work on, in the order of the result. None chosen: all but alpha.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Model</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>'auto' takes the default model of the plugin; 'custom' takes your own model file.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Model file (for the model 'custom')</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Models</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Weights with their card: a .safetensors file, with its ONNX graphs beside it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Device</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>'auto' takes a CUDA graphics card where there is one; the log says what was used.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Adapt the network to the scene: seconds at most (0: do not)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Tile size (PAN pixels)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Smaller tiles need less memory. The result does not depend on it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Seed</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>The same seed gives the same result; where the network is adapted to the scene, if the time for that was enough.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Sensor</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Whose blur (MTF) to reckon with. 'auto' reads it from the files' metadata and names, and takes 'generic' where they do not tell; the log says which it was.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>No data value</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Only where the files do not tell theirs.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Creation options</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Extent</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Sharpen only this part. It grows to whole PAN pixels.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Output data type</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>'input' keeps the type of MS. Values are rounded and clipped, never wrapped.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>GDAL creation options as NAME=VALUE, separated by |; they win over the defaults.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Cloud optimized GeoTIFF</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Writes overviews and the layout for reading over a network.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>A GeoTIFF on PAN's grid with the bands of MS.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>Report of the comparison</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>An HTML page: which methods were compared on this scene, on how many pixels, and what each scored. Asking for it asks for the comparison.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/parameters.py" />
      <source>In commands and scripts give the word, e.g. --{}={}, not a number.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Assess pansharpening quality</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Quality indices of a sharpened image, with a reference or without, and a report.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Assessed: {}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Scores</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Consistency: degraded back to MS, against MS</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>It lies {:.2f} rows and {:.2f} columns from {} (in PAN pixels).</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Sharpened image</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>The image to assess: on PAN's pixel grid, with the bands of MS in the same order.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Reference</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>The truth, on the same pixel grid; 'Simulate reduced resolution' makes one. Without it, the indices that need none are computed.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Compare the methods on this scene</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Tells what KSDiff, SRINO and the classical methods reach on the scene made coarser, where MS itself is the truth, whatever the image was made by. The log and the report show the scores. It takes a minute or more without a graphics card.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>A GeoTIFF of the spectral angle at each pixel, in degrees.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>A GeoTIFF of Q2n, one value per block.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>A GeoTIFF of the error of each band, in digital numbers.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>An HTML page with all scores, maps and pictures, for a browser or QGIS' results.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>Quality report</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/quality.py" />
      <source>pansharpen,quality,assess,sam,ergas,q2n,q4,q8,scc,psnr,ssim,qnr,hqnr,report</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>Simulate reduced resolution</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>A coarser pair and its reference, by Wald's protocol.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>pansharpen,wald,protocol,reduced resolution,degrade,mtf,reference</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>Ratio of the reduction</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>Pixel grid</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>PAN with the pixels of MS, a GeoTIFF.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>MS coarser by the ratio, a GeoTIFF.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>MS itself, on the grid of the reduced PAN: the truth.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>A whole number. None: the pair's own ratio, rounded.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>'product': pixels share their outer corners, as in products that are sold. 'benchmark': the grid that published comparisons are made on.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>reduced</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/simulate.py" />
      <source>reference</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/sources.py" />
      <source>The layer '{}' comes from '{}' and is not a raster file.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/sources.py" />
      <source>The layer '{}' lives in the memory of QGIS only.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/sources.py" />
      <source>The layer '{}' needs credentials kept in QGIS.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>Sharpens a multispectral image by diffusion, and shows where that is unsure.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>pansharpen,pan-sharpening,fusion,multispectral,satellite,deep learning,diffusion,neural operator,uncertainty,spread</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>Steps (0: as many as the model wants)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>In how many steps the image is made of noise. The time grows with them. Few give the best estimate, many one of the samples that are possible.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>Seeds of the spread</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>Where SRINO is unsure: a GeoTIFF of how far its results from several seeds lie apart, as the standard deviation at each pixel, mean over the bands, in digital numbers. It takes many times as long as the image alone.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>From how many seeds the spread is taken, if it is asked for; from 2 on.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>Standard deviation over {} seeds, mean over the bands, in digital numbers.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/srino.py" />
      <source>SRINO pansharpening</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/worker.py" />
      <source>{} is a choice by word, and cannot be '{}'. It can be: {}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/algorithms/worker.py" />
      <source>Cancelled; nothing was written.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/announce.py" />
      <source>Open the report</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/announce.py" />
      <source>Before and after</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/compare.py" />
      <source>{}: before</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/dialogs.py" />
      <source>Several layers fit</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/help.py" />
      <source>KSDiff: help</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/help.py" />
      <source>&amp;Back</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/help.py" />
      <source>&amp;Contents</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/layermenu.py" />
      <source>Pansharpen with KSDiff…</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/mainmenu.py" />
      <source>&amp;Pansharpen…</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/mainmenu.py" />
      <source>&amp;Train for a sensor…</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/mainmenu.py" />
      <source>&amp;Models…</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/mainmenu.py" />
      <source>&amp;Runtime…</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/mainmenu.py" />
      <source>&amp;Help</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/result.py" />
      <source>{}: results</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/gui/selection.py" />
      <source>'{}' and '{}' fit best; possible, too: {}. Please check the two inputs.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/provider.py" />
      <source>KSDiff pansharpening</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/provider.py" />
      <source>Worker's Python interpreter</source>
      <translation type="unfinished" />
    </message>
    <message>
      <location filename="../../ksdiff_qgis/provider.py" />
      <source>Leave blank for the project's own environment</source>
      <translation type="unfinished" />
    </message>
  </context>
</TS>
