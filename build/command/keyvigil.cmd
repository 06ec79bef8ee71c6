@echo off
rem Asks the running Keyvigil through curl. docs/scripts.md describes each command, and main/scripts/ implements it.
rem The first line of an answer is the exit status, or `run`. The second is a colon and the error. The rest is what this script prints.
setlocal EnableExtensions DisableDelayedExpansion
set "kv_profile=%APPDATA%\Keyvigil"
if defined KEYVIGIL_PROFILE set "kv_profile=%KEYVIGIL_PROFILE%"
set "kv_app=%~dp0..\..\Keyvigil.exe"
if defined KEYVIGIL_APP set "kv_app=%KEYVIGIL_APP%"
set "kv_folder=%~dp0"
rem Do not put this value in quotes: they would end at the first quote of an argument.
set kv_all=%*
for %%v in (kv_words kv_start kv_seconds kv_run) do set "%%v="
set "kv_limit=120"
if "%~1"=="" set "kv_start=1"
if "%~1"=="open" set "kv_start=1"

:next
if "%~1"=="" goto ask
if "%~1"=="--help" goto help
if "%~1"=="-h" goto help
if "%~1"=="--start" set "kv_start=1"
if "%~1"=="--wait" set "kv_limit=660"
set kv_words=%kv_words% --data-urlencode "arg=%~1"
if "%~1"=="--" goto ask
shift
goto next

:ask
set "kv_status="
set "kv_error="
if not exist "%kv_profile%\command.curl" goto absent
for /f "usebackq delims=" %%l in (`curl -q -s -K "%kv_profile%\command.curl" --max-time %kv_limit% -d "protocol=1" -d "shell=cmd" %kv_words%`) do (
  if not defined kv_status (
    set "kv_status=%%l"
    if "%%l"=="run" set "kv_run=1"
  ) else if not defined kv_error (
    set "kv_error=%%l"
    if not "%%l"==":" echo(keyvigil%%l>&2
  ) else if defined kv_run (
    set "%%l"
  ) else echo(%%l
)
if not defined kv_status goto absent
if not defined kv_run exit /b %kv_status%
call set "kv_command=%%kv_all:* -- =%%"
%kv_command%
exit /b %errorlevel%

:absent
if not defined kv_start (
  echo keyvigil: Keyvigil does not run; start it, or add --start.>&2
  exit /b 7
)
if not defined kv_seconds (
  start "" "%kv_app%"
  set "kv_seconds=20"
)
if "%kv_seconds%"=="0" (
  echo keyvigil: Keyvigil was started, but has not answered for 20 s; try again.>&2
  exit /b 7
)
set /a kv_seconds-=1
ping -n 2 127.0.0.1 >nul
goto ask

:help
type "%kv_folder%help.txt"
exit /b 0
