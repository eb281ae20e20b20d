; The command birdkey on the user's PATH, as long as it is installed.
; Untested: written from NSIS's and Tauri's documentation.
!macro NSIS_HOOK_POSTINSTALL
  nsExec::ExecToLog `powershell.exe -NoProfile -NonInteractive -Command "$$path = [Environment]::GetEnvironmentVariable('Path', 'User'); if (($$path -split ';') -notcontains '$INSTDIR') { [Environment]::SetEnvironmentVariable('Path', (($$path.TrimEnd(';'), '$INSTDIR') -join ';').TrimStart(';'), 'User') }"`
!macroend

!macro NSIS_HOOK_POSTUNINSTALL
  nsExec::ExecToLog `powershell.exe -NoProfile -NonInteractive -Command "$$path = [Environment]::GetEnvironmentVariable('Path', 'User'); [Environment]::SetEnvironmentVariable('Path', (($$path -split ';') -ne '$INSTDIR' -join ';'), 'User')"`
!macroend
