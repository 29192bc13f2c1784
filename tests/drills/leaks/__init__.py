"""The drill of hidden content: files of ten producers, with twelve ways of hiding and with none."""
