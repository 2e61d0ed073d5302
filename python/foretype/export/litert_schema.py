"""The numbers of LiteRT's file schema that we write (tensorflow/compiler/mlir/lite/schema).

Field numbers of its tables are in the order of the schema; they stand where a table is written.
"""

FILE_IDENTIFIER = b"TFL3"
SCHEMA_VERSION = 3

FLOAT32, INT32, INT8 = 0, 2, 9  # TensorType

# BuiltinOperator, and the number and name of its options in the union BuiltinOptions.
ADD = (0, 11)
CONCATENATION = (2, 10)
CONV_2D = (3, 1)
DEPTH_TO_SPACE = (5, 94)
FULLY_CONNECTED = (9, 8)
LOGISTIC = (14, 0)
MUL = (18, 21)
RESHAPE = (22, 17)
SOFTMAX = (25, 9)
GATHER = (36, 23)
MEAN = (40, 27)
CAST = (53, 37)
MINIMUM = (57, 39)
SLICE = (65, 48)
SIN = (66, 0)
RSQRT = (76, 0)
COS = (108, 84)
DENSIFY = (124, 99)
BATCH_MATMUL = (126, 101)

SPARSE_COLUMNS = 1  # DimensionType
INT32_VECTOR = 1  # SparseIndexVector

Operation = tuple[int, int]
