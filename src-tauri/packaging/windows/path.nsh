; The command birdkey on the user's PATH, as long as it is installed. The registry is read and written
; without expanding %VARIABLES%, and the folder comes by the environment, so that nothing is quoted.
; Untested: written from NSIS's, Tauri's and .NET's documentation.
!macro BIRDKEY_PATH CHANGE
  System::Call 'Kernel32::SetEnvironmentVariable(t "BIRDKEY_FOLDER", t "$INSTDIR")'
  nsExec::ExecToLog `powershell.exe -NoProfile -NonInteractive -Command "$$key = [Microsoft.Win32.Registry]::CurrentUser.OpenSubKey('Environment', $$true); $$old = [string]$$key.GetValue('Path', '', 'DoNotExpandEnvironmentNames'); $$parts = @($$old -split ';' | Where-Object { $$_ -and $$_ -ne $$env:BIRDKEY_FOLDER }); ${CHANGE}; $$key.SetValue('Path', ($$parts -join ';'), 'ExpandString')"`
!macroend

!macro NSIS_HOOK_POSTINSTALL
  !insertmacro BIRDKEY_PATH "$$parts += $$env:BIRDKEY_FOLDER"
!macroend

!macro NSIS_HOOK_POSTUNINSTALL
  !insertmacro BIRDKEY_PATH "$$null = 0"
!macroend
