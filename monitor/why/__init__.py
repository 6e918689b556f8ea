"""Why a state is as it is, made to be shown: explanation.py asks the store, answer.py puts it together, of steps.py and looks.py."""
