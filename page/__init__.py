"""What the browser shows: values -> HTML, the conversation and the panel beside it, and how both are served.

inline · place · answer · release · scope · browse · timeline · bring     values -> HTML, pure functions
library                                                                   releases read, listed, added, removed
chat · panel · endpoints                                                  what the page and programs ask for
limits · login · blocks · serve                                           Gradio, and what stands before it
"""
