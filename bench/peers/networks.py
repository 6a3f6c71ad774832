"""The three networks of the reference study in Keras and in PyTorch, for beats of `length` samples."""


def keras_network(name: str, length: int, classes: int):
    """Returns an uncompiled model: ANN on rows of samples, 1D-CNN and LSTM on sequences with one channel."""
    import keras
    from keras import layers as k

    def conv(filters, size):
        return [k.Conv1D(filters, size, padding="same", activation="relu"), k.BatchNormalization()]

    def dense(units, rate):
        return [k.Dense(units, "relu"), k.BatchNormalization(), k.Dropout(rate)]

    stacks = {
        "ann": lambda: [*dense(256, 0.3), *dense(128, 0.3), k.Dense(64, "relu"), k.Dropout(0.2)],
        "cnn": lambda: [
            *conv(64, 5),
            k.MaxPooling1D(2),
            *conv(128, 5),
            k.MaxPooling1D(2),
            *conv(256, 3),
            k.GlobalAveragePooling1D(),
            k.Dense(128, "relu"),
            k.Dropout(0.4),
        ],
        "lstm": lambda: [
            k.LSTM(64, return_sequences=True),
            k.Dropout(0.3),
            k.LSTM(128),
            k.Dropout(0.3),
            k.Dense(64, "relu"),
        ],
    }
    shape = (length,) if name == "ann" else (length, 1)
    return keras.Sequential([k.Input(shape), *stacks[name](), k.Dense(classes, "softmax")])


def torch_network(name: str, length: int, classes: int):
    """Returns the network without its softmax, which PyTorch's loss includes, and the shape of one beat."""
    from torch import nn

    class SequenceMean(nn.Module):
        def forward(self, x):
            return x.mean(-1)

    class Lstm(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.LSTM(1, 64, batch_first=True)
            self.dropout = nn.Dropout(0.3)
            self.second = nn.LSTM(64, 128, batch_first=True)
            self.head = nn.Sequential(nn.Dropout(0.3), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, classes))

        def forward(self, x):
            sequence, _ = self.first(x)
            sequence, _ = self.second(self.dropout(sequence))
            return self.head(sequence[:, -1])

    def conv(channels, filters, size):
        return [nn.Conv1d(channels, filters, size, padding=size // 2), nn.ReLU(), nn.BatchNorm1d(filters)]

    def dense(inputs, units, rate):
        return [nn.Linear(inputs, units), nn.ReLU(), nn.BatchNorm1d(units), nn.Dropout(rate)]

    networks = {
        "ann": lambda: nn.Sequential(
            *dense(length, 256, 0.3),
            *dense(256, 128, 0.3),
            *[nn.Linear(128, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, classes)],
        ),
        "cnn": lambda: nn.Sequential(
            *conv(1, 64, 5),
            nn.MaxPool1d(2),
            *conv(64, 128, 5),
            nn.MaxPool1d(2),
            *conv(128, 256, 3),
            SequenceMean(),
            *[nn.Linear(256, 128), nn.ReLU(), nn.Dropout(0.4), nn.Linear(128, classes)],
        ),
        "lstm": Lstm,
    }
    shapes = {"ann": (length,), "cnn": (1, length), "lstm": (length, 1)}
    return networks[name](), shapes[name]
