# Signs the files of a folder: sign-windows.ps1 FOLDER [-Name]. Runs Microsoft's tools only.
# Without a certificate nothing is signed, and -Name puts that into the names of the files.
# Untested: no hosted runner has run this file yet.
param([Parameter(Mandatory)] [string] $Folder, [switch] $Name)
$ErrorActionPreference = "Stop"

$files = Get-ChildItem -Recurse -File -Include *.exe, *.msi $Folder
if (-not $files) { throw "nothing to sign in $Folder" }
if (-not $env:WINDOWS_CERTIFICATE) {
  if ($Name) { $files | Rename-Item -NewName { "$($_.BaseName)-unsigned$($_.Extension)" } }
  return
}
$tools = "${env:ProgramFiles(x86)}\Windows Kits\10\bin\*\x64\signtool.exe"
$signtool = Get-ChildItem $tools | Sort-Object FullName | Select-Object -Last 1
$pfx = "$env:RUNNER_TEMP\sign.pfx"
$imported = $null
try {
  [IO.File]::WriteAllBytes($pfx, [Convert]::FromBase64String($env:WINDOWS_CERTIFICATE))
  $password = ConvertTo-SecureString -String $env:WINDOWS_CERTIFICATE_PASSWORD -Force -AsPlainText
  $imported = Import-PfxCertificate -FilePath $pfx -CertStoreLocation Cert:\CurrentUser\My -Password $password
  foreach ($file in $files) {
    & $signtool.FullName sign /sha1 $imported.Thumbprint /fd sha256 /td sha256 /tr http://timestamp.digicert.com $file.FullName
    if ($LASTEXITCODE -ne 0) { throw "$($file.Name) was not signed" }
  }
} finally {
  Remove-Item -ErrorAction SilentlyContinue $pfx
  if ($imported) { Remove-Item -DeleteKey "Cert:\CurrentUser\My\$($imported.Thumbprint)" }
}
