"""What the browser shows: values -> HTML, the conversation and the panel beside it, and how both are served.

inline · place · answer · release · scope · browse · timeline · bring · conversations · feedback
                                                                          values -> HTML, pure functions
library · keeper · precedence                                             releases and conversations; who comes first
chat · panel · endpoints                                                  what the page and programs ask for
limits · login · blocks · serve                                           Gradio, and what stands before it
"""
